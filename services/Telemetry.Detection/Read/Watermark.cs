namespace Telemetry.Detection.Read;

/// <summary>How far the Processors have got.</summary>
/// <param name="PassedAt">Everything that was in the span log at this time is written; null when not all partitions are known.</param>
/// <param name="Slowest">The partition that holds it back, or why it is not known.</param>
internal readonly record struct Watermark(DateTimeOffset? PassedAt, string Slowest);
