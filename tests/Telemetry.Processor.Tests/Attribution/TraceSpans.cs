using Google.Protobuf;
using Telemetry.Otlp;
using Telemetry.Processor.Tests.Stages;

namespace Telemetry.Processor.Tests.Attribution;

/// <summary>Spans of one trace, told shortly.</summary>
internal static class TraceSpans
{
    /// <summary>A span of the plain conventions.</summary>
    /// <param name="id">Span id; also says which one it is in a test.</param>
    /// <param name="parent">Parent's id; 0 for a root.</param>
    /// <param name="operation">gen_ai.operation.name.</param>
    /// <param name="from">Start in milliseconds.</param>
    /// <param name="to">End in milliseconds.</param>
    /// <param name="input">Input tokens; null to leave usage out.</param>
    /// <param name="output">Output tokens.</param>
    /// <param name="attributes">More attributes.</param>
    public static Span Make(int id, int parent, string operation, int from, int to, int? input = null, int output = 10, params (string Key, object Value)[] attributes)
    {
        List<(string, object)> all = [("gen_ai.operation.name", operation), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o-mini"), .. attributes];
        if (input is { } tokens)
        {
            all.Add(("gen_ai.usage.input_tokens", tokens));
            all.Add(("gen_ai.usage.output_tokens", output));
        }

        Span span = StageRun.Chat([.. all]);
        span.SpanId = Id(id);
        span.ParentSpanId = parent == 0 ? ByteString.Empty : Id(parent);
        span.StartTimeUnixNano = StageRun.Nanoseconds(StageRun.Start.AddMilliseconds(from));
        span.EndTimeUnixNano = StageRun.Nanoseconds(StageRun.Start.AddMilliseconds(to));
        return span;
    }

    public static Span Failed(this Span span)
    {
        span.Status = new Status { Code = Status.Types.StatusCode.Error };
        return span;
    }

    public static Span Server(this Span span)
    {
        span.Kind = Span.Types.SpanKind.Server;
        return span;
    }

    public static int IdOf(ReadOnlyMemory<byte> spanId) => (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(spanId.Span);

    private static ByteString Id(int id)
    {
        byte[] bytes = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)id);
        return ByteString.CopyFrom(bytes);
    }
}
