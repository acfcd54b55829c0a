using Telemetry.Contracts.Hashing;
using Telemetry.Contracts.Spans;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Attribution;

/// <summary>Makes what is remembered of a span.</summary>
internal static class SeenSpans
{
    /// <summary>Of a normalized span in the batch at hand.</summary>
    public static void Read(SpanItem item, int batchIndex, ModelStems stems, out SeenSpan seen)
    {
        DecodedSpan span = item.Span;
        LlmCall call = item.Call;
        bool isCandidate = call.Role is SpanRole.Call or SpanRole.ServerCall;
        seen = new SeenSpan
        {
            Trace = TraceWindow.TraceKey(span),
            Span = TraceWindow.SpanKey(span.SpanId.Span),
            Parent = TraceWindow.SpanKey(span.ParentSpanId.Span),
            Start = Clamp(span.Start),
            End = Clamp(span.End),
            Response = isCandidate ? Hash(call.ResponseId.Span) : 0,
            Scope = Hash(span.ScopeName.Span),
            ModelRequested = isCandidate ? stems.Hash(call.ModelRequested) : 0,
            ModelAnswered = isCandidate ? stems.Hash(call.ModelAnswered) : 0,
            Input = call.Usage.Input ?? -1,
            Output = call.Usage.Output ?? -1,
            Role = call.Role,
            Fate = SpanFate.Open,
            Detail = Detail(call.Usage, call.ResponseId.Length > 0, call.ModelAnswered.Length > 0),
            IsError = call.IsError,
            BatchIndex = batchIndex,
            Candidate = -1,
        };
    }

    /// <summary>A hash of bytes; 0 for none.</summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? 0 : ByteHash.Of(bytes);

    /// <summary>How much a call tells: what its price depends on first.</summary>
    public static byte Detail(in TokenUsage usage, bool hasResponse, bool hasAnsweredModel) => (byte)(
        (usage.CacheRead is not null ? 8 : 0) + (usage.CacheWrite is not null ? 4 : 0) + (usage.Reasoning is not null ? 2 : 0) + (hasResponse || hasAnsweredModel ? 1 : 0));

    private static long Clamp(ulong nanoseconds) => nanoseconds > long.MaxValue / 2 ? long.MaxValue / 2 : (long)nanoseconds;
}
