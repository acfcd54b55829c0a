using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// pydantic-ai and Logfire: the plain conventions with marks of their own. Agent spans of older versions repeat <c>gen_ai.usage.*</c>, newer ones call it
/// <c>gen_ai.aggregated_usage.*</c>, which nothing here reads; pending spans announce a span that follows whole. Source: pydantic/pydantic-ai
/// _instrumentation.py and models/instrumented.py.
/// </summary>
internal sealed class PydanticAi : ISpanDialect
{
    private readonly AttributeKey _spanType;
    private readonly AttributeKey _message;
    private readonly AttributeKey _parameters;
    private readonly AttributeKey _allMessages;
    private readonly AttributeKey _olderAllMessages;
    private readonly AttributeKey _events;
    private readonly AttributeKey _agentName;

    public PydanticAi(AttributeKeys keys, FieldMap map)
    {
        _spanType = keys.Add("logfire.span_type");
        _message = keys.Add("logfire.msg");
        _parameters = keys.Add("model_request_parameters");
        _allMessages = keys.Add("pydantic_ai.all_messages");
        _olderAllMessages = keys.Add("all_messages_events");
        _events = keys.Add("events");
        _agentName = keys.Add("agent_name");
        map.Add(Field.Agent, "agent_name").Add(Field.Model, "model_name");
    }

    /// <inheritdoc />
    public string Name => "pydantic_ai";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields)
    {
        AttributeSet a = span.Attributes;
        return a.Has(_parameters) || a.Has(_spanType) || a.Has(_message) || a.Has(_allMessages) || a.Has(_olderAllMessages)
            || span.ScopeName.Span.SequenceEqual("pydantic-ai"u8) || span.ScopeName.Span.StartsWith("logfire"u8);
    }

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        if (a[_spanType].Text.SequenceEqual("pending_span"u8))
        {
            call.Operation = "pending";
            return SpanRole.Other;
        }

        fields.Supply(Field.InputMessages, a[_events], _events);
        SpanRole role = OpenTelemetryGenAi.RoleOf(span, fields, call);
        if (call.Operation.Length > 0)
        {
            return role;
        }

        // Format versions before the operation attribute: only the model request has parameters.
        bool isAgent = span.Name.Span.SequenceEqual("agent run"u8) || a.Has(_agentName) || a.Has(_allMessages) || a.Has(_olderAllMessages);
        if (isAgent && !a.Has(_parameters))
        {
            call.Operation = Operations.InvokeAgent;
            return SpanRole.Wrapper;
        }

        if (span.Name.Span.StartsWith("running tool"u8))
        {
            call.Operation = Operations.ExecuteTool;
            return SpanRole.Other;
        }

        call.Operation = role == SpanRole.Call ? Operations.Chat : "";
        return role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.Inclusive;
}
