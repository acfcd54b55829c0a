using Telemetry.Screening.Scan;

namespace Telemetry.Screening;

/// <summary>Looks for personal and secret data in text. Keeps nothing and allocates nothing beside the list of matches; the work is linear in the length of the text.</summary>
public static class PiiScanner
{
    /// <summary>Names of all rules and the kind that each finds.</summary>
    public static IEnumerable<(string Name, PiiKind Kind)> Rules => PiiRules.Names;

    /// <summary>Adds every match, in the order of the text, without overlaps.</summary>
    /// <param name="text">UTF-8; other bytes are no error.</param>
    /// <param name="wanted">Kinds to look for.</param>
    /// <param name="matches">Where they go.</param>
    public static void Find(ReadOnlySpan<byte> text, PiiKinds wanted, List<PiiMatch> matches)
    {
        ArgumentNullException.ThrowIfNull(matches);
        var scan = new PiiScan(text, wanted, matches);
        scan.Run();
    }

    /// <summary>The kinds that are there.</summary>
    /// <param name="text">UTF-8; other bytes are no error.</param>
    /// <param name="wanted">Kinds to look for.</param>
    public static PiiKinds Kinds(ReadOnlySpan<byte> text, PiiKinds wanted)
    {
        var scan = new PiiScan(text, wanted, matches: null);
        scan.Run();
        return scan.Kinds;
    }
}
