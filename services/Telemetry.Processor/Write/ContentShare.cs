using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Write;

/// <summary>Which traces' messages are stored. The same on every replica and replay: the choice depends on the trace id alone.</summary>
internal static class ContentShare
{
    /// <summary>Whether the messages of a trace are kept; those of errors and flagged calls always are, unless none are.</summary>
    public static bool Keeps(double share, ReadOnlySpan<byte> traceId, bool isAlways) =>
        share > 0 && (isAlways || TracePartitioner.Murmur2(traceId) <= share * uint.MaxValue);
}
