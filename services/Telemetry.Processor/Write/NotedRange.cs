namespace Telemetry.Processor.Write;

/// <summary>The offset range of one batch.</summary>
/// <param name="First">Offset of its first record.</param>
/// <param name="Next">Offset behind its last record.</param>
/// <param name="Decisions">What the batch decided; see <see cref="Attribution.BatchDecisions"/>.</param>
internal readonly record struct NotedRange(long First, long Next, string Decisions = "");
