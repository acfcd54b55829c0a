namespace Telemetry.CommandLine;

/// <summary>What the output is.</summary>
internal static class Terminal
{
    /// <summary>Whether colours are wanted: on a terminal that is not dumb, unless NO_COLOR is set (https://no-color.org).</summary>
    public static bool HasColour(TextWriter output) => IsTerminal(output) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && !IsDumb;

    /// <summary>Whether the screen can be drawn anew.</summary>
    public static bool CanRedraw(TextWriter output) => IsTerminal(output) && !IsDumb && !Console.IsInputRedirected;

    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") is "dumb" or null or "";

    private static bool IsTerminal(TextWriter output) => ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
}
