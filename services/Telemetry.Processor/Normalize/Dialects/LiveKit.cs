using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// LiveKit agents (<c>lk.*</c>): <c>llm_node</c> stands around <c>llm_request</c>, which is the call, and that around <c>llm_request_run</c>, one for each
/// attempt, which carries nothing. The recorded metrics have the first token in seconds and the cached share. Source: livekit/agents, telemetry.
/// </summary>
internal sealed class LiveKit : ISpanDialect
{
    private const double MillisecondsPerSecond = 1000;

    private readonly OpenTelemetryGenAi _plain;
    private readonly AttributeKey _metrics;
    private readonly AttributeKey _chat;
    private readonly AttributeKey _olderChat;
    private readonly AttributeKey _retries;
    private readonly AttributeKey _toolName;
    private readonly AttributeKey _toolId;

    public LiveKit(AttributeKeys keys, OpenTelemetryGenAi plain)
    {
        _plain = plain;
        _metrics = keys.Add("lk.llm_metrics");
        _chat = keys.Add("lk.pii.chat_ctx");
        _olderChat = keys.Add("lk.chat_ctx");
        _retries = keys.Add("lk.retry_count");
        _toolName = keys.Add("lk.function_tool.name");
        _toolId = keys.Add("lk.function_tool.id");
    }

    /// <inheritdoc />
    public string Name => "livekit";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields)
    {
        AttributeSet a = span.Attributes;
        return a.Has(_metrics) || a.Has(_chat) || a.Has(_olderChat) || a.Has(_retries) || a.Has(_toolName) || span.ScopeName.Span.StartsWith("livekit"u8);
    }

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        ReadOnlySpan<byte> name = span.Name.Span;
        if (a.Has(_toolName) || name.SequenceEqual("function_tool"u8))
        {
            call.Operation = Operations.ExecuteTool;
            fields.Supply(Field.Tool, a[_toolName], _toolName);
            fields.Supply(Field.ToolCallId, a[_toolId], _toolId);
            return SpanRole.Other;
        }

        if (name.SequenceEqual("llm_node"u8) || name.SequenceEqual("llm_request_run"u8) || name.SequenceEqual("llm_fallback_adapter"u8) || name.SequenceEqual("agent_turn"u8))
        {
            call.Operation = Operations.InvokeAgent;
            return SpanRole.Wrapper;
        }

        JsonFields.EachMember(a[_metrics], (Fields: fields, Call: call, Key: _metrics), static (to, member, value) =>
        {
            if (member.SequenceEqual("ttft"u8) && value.TryGetNumber(out double seconds) && seconds >= 0 && !to.Fields.Has(Field.FirstTokenSeconds))
            {
                (to.Call.ReportedTtftMilliseconds, to.Call.TtftSource) = (seconds * MillisecondsPerSecond, "lk.llm_metrics ttft");
            }
            else if (member.SequenceEqual("prompt_tokens"u8))
            {
                to.Fields.Supply(Field.InputTokens, value, to.Key);
            }
            else if (member.SequenceEqual("completion_tokens"u8))
            {
                to.Fields.Supply(Field.OutputTokens, value, to.Key);
            }
            else if (member.SequenceEqual("prompt_cached_tokens"u8))
            {
                to.Fields.Supply(Field.CacheRead, value, to.Key);
            }
            else if (member.SequenceEqual("request_id"u8))
            {
                to.Fields.Supply(Field.ResponseId, value, to.Key);
            }
        });
        SpanRole role = _plain.RoleOf(span, fields, call);
        bool isRequest = name.SequenceEqual("llm_request"u8);
        call.Operation = isRequest && call.Operation.Length == 0 ? Operations.Chat : call.Operation;
        return isRequest ? SpanRole.Call : role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.Inclusive;
}
