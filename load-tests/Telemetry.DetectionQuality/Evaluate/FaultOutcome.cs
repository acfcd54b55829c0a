using Telemetry.DetectionQuality.Synthetic;

namespace Telemetry.DetectionQuality.Evaluate;

/// <summary>What became of a fault.</summary>
/// <param name="Shape">The traffic that it was put into.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Detectability">Standard deviations that the best possible test could reach.</param>
/// <param name="DelayMinutes">Minutes from its start to the end of the minute that told it; null when it was missed.</param>
/// <param name="Alarms">Anomalies that were opened on the metrics that show it.</param>
/// <param name="ByOracle">Whether the oracle told it; null where there is none for such a fault.</param>
/// <param name="DetectabilityWithWalk">The standard deviations of a test that knows the levels up to the fault, but not how they wander during it.</param>
internal sealed record FaultOutcome(TrafficShape Shape, Fault Fault, double Detectability, int? DelayMinutes, int Alarms, bool? ByOracle, double DetectabilityWithWalk);
