namespace Telemetry.Screening;

/// <summary>One finding in a text.</summary>
/// <param name="Start">Offset of its first byte.</param>
/// <param name="Length">Number of its bytes.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Rule">The rule that found it, for example <c>us_ssn</c>.</param>
/// <param name="IsJsonNumber">Whether it stands as a number of a JSON document, where only another number may take its place.</param>
public readonly record struct PiiMatch(int Start, int Length, PiiKind Kind, string Rule, bool IsJsonNumber = false)
{
    /// <summary>Offset behind its last byte.</summary>
    public int End => Start + Length;
}
