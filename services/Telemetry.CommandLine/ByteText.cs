using System.Globalization;

namespace Telemetry.CommandLine;

/// <summary>Numbers of bytes for people.</summary>
internal static class ByteText
{
    private const double Step = 1024;
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    public static string Of(double bytes)
    {
        int unit = 0;
        for (; bytes >= Step && unit < s_units.Length - 1; unit++)
        {
            bytes /= Step;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} {s_units[unit]}");
    }
}
