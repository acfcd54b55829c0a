using System.Text;

namespace Telemetry.Fuzz.Seeds;

/// <summary>Request bodies of real exporters.</summary>
internal static class Captures
{
    /// <summary>The captured bodies whose file name ends so.</summary>
    public static IEnumerable<byte[]> Bodies(string ending) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "captures"), "traces-*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(ending, StringComparison.Ordinal) && !f.EndsWith(".headers.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes);

    /// <summary>Texts as UTF-8.</summary>
    public static byte[][] Words(params string[] words) => [.. words.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Control bytes before an input.</summary>
    public static byte[] With(byte[] input, params byte[] control) => [.. control, .. input];
}
