namespace Telemetry.Hosting.Process;

/// <summary>What a process says on standard output once it runs: its endpoints, then <c>ready</c>, one name and value a line, for people and scripts alike.</summary>
public static class Banner
{
    private const int NameWidth = 12;

    /// <summary>The lines.</summary>
    /// <param name="title">First line.</param>
    /// <param name="endpoints">Names without blanks, and their addresses.</param>
    public static IEnumerable<string> Lines(string title, params IEnumerable<(string Name, Uri Address)> endpoints) =>
    [
        title,
        .. endpoints.Select(e => $"  {e.Name.PadRight(NameWidth)} {e.Address}"),
        $"  {"ready".PadRight(NameWidth)} process {Environment.ProcessId}",
    ];
}
