using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// pydantic-ai and Logfire: the plain conventions with marks of their own. Agent spans of older versions repeat <c>gen_ai.usage.*</c>, newer ones call it
/// <c>gen_ai.aggregated_usage.*</c>; pending spans announce a span that follows whole, and logs tell of the end of a stream. Source: pydantic/pydantic-ai
/// _instrumentation.py and models/instrumented.py, pydantic/logfire.
/// </summary>
internal sealed class PydanticAi : ISpanDialect
{
    private readonly OpenTelemetryGenAi _plain;
    private readonly AttributeKey _spanType;
    private readonly AttributeKey _message;
    private readonly AttributeKey _parameters;
    private readonly AttributeKey _allMessages;
    private readonly AttributeKey _olderAllMessages;
    private readonly AttributeKey _events;
    private readonly AttributeKey _agentName;
    private readonly AttributeKey _modelName;
    private readonly AttributeKey _aggregatedInput;
    private readonly AttributeKey _aggregatedOutput;
    private readonly AttributeKey[] _foreign;

    public PydanticAi(AttributeKeys keys, OpenTelemetryGenAi plain)
    {
        _plain = plain;
        _spanType = keys.Add("logfire.span_type");
        _message = keys.Add("logfire.msg");
        _parameters = keys.Add("model_request_parameters");
        _allMessages = keys.Add("pydantic_ai.all_messages");
        _olderAllMessages = keys.Add("all_messages_events");
        _events = keys.Add("events");
        _agentName = keys.Add("agent_name");
        _modelName = keys.Add("model_name");
        _aggregatedInput = keys.Add("gen_ai.aggregated_usage.input_tokens");
        _aggregatedOutput = keys.Add("gen_ai.aggregated_usage.output_tokens");
        _foreign = [keys.Add("openinference.span.kind"), keys.Add("traceloop.span.kind"), keys.Add("llm.request.type")];
    }

    /// <inheritdoc />
    public string Name => "pydantic_ai";

    /// <inheritdoc />
    public IEnumerable<AttributeKey> TellingKeys => [_spanType];

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields)
    {
        AttributeSet a = span.Attributes;
        if (a.Has(_parameters) || a.Has(_allMessages) || a.Has(_olderAllMessages) || a.Has(_aggregatedInput) || span.ScopeName.Span.SequenceEqual("pydantic-ai"u8) || IsPending(a))
        {
            return true;
        }

        // Logfire marks the spans of other instrumentations too, which then say more exactly what they are.
        bool isLogfires = a.Has(_spanType) || a.Has(_message) || span.ScopeName.Span.StartsWith("logfire"u8);
        return isLogfires && !IsForeign(a);
    }

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        if (IsPending(a))
        {
            call.Operation = "pending";
            return SpanRole.Other;
        }

        fields.Supply(Field.InputMessages, a[_events], _events);
        fields.Supply(Field.Agent, a[_agentName], _agentName);
        fields.Supply(Field.InputTokens, a[_aggregatedInput], _aggregatedInput);
        fields.Supply(Field.OutputTokens, a[_aggregatedOutput], _aggregatedOutput);

        // Format versions before the operation attribute: only the model request has parameters.
        bool isAgent = span.Name.Span.SequenceEqual("agent run"u8) || a.Has(_allMessages) || a.Has(_olderAllMessages) || a.Has(_aggregatedInput)
            || (a.Has(_agentName) && !fields.Has(Field.Operation));
        if (isAgent && !a.Has(_parameters))
        {
            fields.Supply(Field.ModelRequested, a[_modelName], _modelName);
            call.Operation = Operations.InvokeAgent;
            return SpanRole.Wrapper;
        }

        if (span.Name.Span.StartsWith("running tool"u8) || (span.Name.Span.StartsWith("running "u8) && span.Name.Span.EndsWith(" tools"u8)))
        {
            call.Operation = Operations.ExecuteTool;
            return SpanRole.Other;
        }

        SpanRole role = _plain.RoleOf(span, fields, call);
        if (role == SpanRole.Call && a[_spanType].Text.SequenceEqual("log"u8) && !fields.Has(Field.InputTokens) && !fields.Has(Field.OutputTokens))
        {
            return SpanRole.Other;
        }

        return role == SpanRole.Other && a.Has(_parameters) ? SpanRole.Call : role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.Inclusive;

    private bool IsPending(AttributeSet a) => a[_spanType].Text.SequenceEqual("pending_span"u8);

    private bool IsForeign(AttributeSet a)
    {
        foreach (AttributeKey key in _foreign)
        {
            if (a.Has(key))
            {
                return true;
            }
        }

        return false;
    }
}
