namespace Telemetry.CommandLine.Detect;

/// <summary>One value of a series.</summary>
/// <param name="At">When, as the source writes it.</param>
/// <param name="Value">How much.</param>
internal readonly record struct SeriesRow(string At, double Value);
