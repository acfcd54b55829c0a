namespace Telemetry.Alerting.Evaluate;

/// <summary>A figure of one group.</summary>
/// <param name="Value">The figure; null when there is none.</param>
/// <param name="Samples">How many samples it is made of.</param>
internal readonly record struct Measured(double? Value, long Samples);
