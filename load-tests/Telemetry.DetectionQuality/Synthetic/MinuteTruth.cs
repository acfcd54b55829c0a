namespace Telemetry.DetectionQuality.Synthetic;

/// <summary>What ruled a minute without its fault: the levels with their random walks.</summary>
/// <param name="Rate">Calls to be expected.</param>
/// <param name="LatencyWalk">Logarithm of what latencies are times their usual level.</param>
/// <param name="LengthWalk">The same of lengths.</param>
/// <param name="ErrorWalk">The same of the share of errors.</param>
internal readonly record struct MinuteTruth(double Rate, double LatencyWalk, double LengthWalk, double ErrorWalk);
