namespace Telemetry.Screening.Scan;

/// <summary>What a rule found: a range of the text, or nothing.</summary>
internal readonly record struct Found(int Start, int End)
{
    /// <summary>Nothing.</summary>
    public static Found Nothing => default;

    /// <summary>Whether there is something.</summary>
    public bool IsMatch => End > Start;
}
