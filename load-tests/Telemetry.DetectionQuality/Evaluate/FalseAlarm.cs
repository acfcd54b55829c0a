using Telemetry.Detection.Compare;
using Telemetry.Detection.Model;
using Telemetry.DetectionQuality.Synthetic;

namespace Telemetry.DetectionQuality.Evaluate;

/// <summary>An anomaly that was told without a fault.</summary>
internal sealed record FalseAlarm(TrafficShape Shape, Metric Metric, long Minute, SeriesVerdict Verdict);
