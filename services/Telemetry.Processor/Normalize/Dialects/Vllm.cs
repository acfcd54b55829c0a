using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// vLLM, and SGLang with the same names: the server's half of a call, with latencies in seconds and neither provider nor operation. It is a call of its own
/// only where no client of it is seen. Its request id is the id that the client gets as the response's. Source: vllm-project/vllm, tracing.py.
/// </summary>
internal sealed class Vllm : ISpanDialect
{
    private readonly AttributeKey _firstToken;
    private readonly AttributeKey _endToEnd;
    private readonly AttributeKey _queue;
    private readonly AttributeKey _requestId;

    public Vllm(AttributeKeys keys, FieldMap map)
    {
        _firstToken = keys.Add("gen_ai.latency.time_to_first_token");
        _endToEnd = keys.Add("gen_ai.latency.e2e");
        _queue = keys.Add("gen_ai.latency.time_in_queue");
        _requestId = keys.Add("gen_ai.request.id");
        map.Add(Field.FirstTokenOfServer, "gen_ai.latency.time_to_first_token");
    }

    /// <inheritdoc />
    public string Name => "vllm";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Attributes.Has(_endToEnd) || span.Attributes.Has(_firstToken) || span.Attributes.Has(_queue)
        || span.ScopeName.Span.StartsWith("vllm"u8) || span.ScopeName.Span.StartsWith("sglang"u8);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        bool hasUsage = fields.Has(Field.InputTokens) || fields.Has(Field.OutputTokens);
        if (!hasUsage && !span.Attributes.Has(_endToEnd))
        {
            return SpanRole.Other;
        }

        // Whoever runs the server pays for the machine, not for the token: no provider's price holds.
        fields.Supply(Field.Provider, ThisServer, _endToEnd);
        fields.Supply(Field.ResponseId, span.Attributes[_requestId], _requestId);
        return SpanRole.ServerCall;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.Inclusive;

    private static AttributeValue ThisServer { get; } = AttributeValue.OfText("vllm"u8.ToArray());
}
