using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// Claude Code: spans <c>claude_code.llm_request</c> with names without a namespace, which are read on these spans alone. Input leaves the cache out, as
/// Anthropic's API has it. The log event of the same request is never a second call.
/// </summary>
internal sealed class ClaudeCode(AttributeKeys keys) : ISpanDialect
{
    private readonly AttributeKey _success = keys.Add("success");
    private readonly AttributeKey _statusCode = keys.Add("status_code");
    private readonly AttributeKey _firstToken = keys.Add("ttft_ms");
    private readonly AttributeKey _toolName = keys.Add("tool_name");
    private readonly AttributeKey _toolUse = keys.Add("tool_use_id");

    private readonly (Field Field, AttributeKey Key)[] _own =
    [
        (Field.ModelRequested, keys.Add("model")),
        (Field.InputTokens, keys.Add("input_tokens")),
        (Field.OutputTokens, keys.Add("output_tokens")),
        (Field.CacheRead, keys.Add("cache_read_tokens")),
        (Field.CacheWrite, keys.Add("cache_creation_tokens")),
        (Field.FinishReasons, keys.Add("stop_reason")),
        (Field.ResponseId, keys.Add("request_id")),
        (Field.Cost, keys.Add("cost_usd")),
    ];

    /// <inheritdoc />
    public string Name => "claude_code";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Name.Span.StartsWith("claude_code."u8);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        if (a[_success].AsBool() == false)
        {
            call.IsError = true;
            fields.Supply(Field.ErrorType, a[_statusCode], _statusCode);
        }

        if (span.Name.Span.StartsWith("claude_code.tool"u8))
        {
            call.Operation = Operations.ExecuteTool;
            fields.Supply(Field.Tool, a[_toolName], _toolName);
            fields.Supply(Field.ToolCallId, a[_toolUse], _toolUse);
            return SpanRole.Other;
        }

        if (!span.Name.Span.SequenceEqual("claude_code.llm_request"u8))
        {
            bool isTurn = span.Name.Span.SequenceEqual("claude_code.interaction"u8);
            call.Operation = isTurn ? Operations.InvokeAgent : "";
            return isTurn ? SpanRole.Wrapper : SpanRole.Other;
        }

        call.Operation = Operations.Chat;
        foreach ((Field field, AttributeKey key) in _own)
        {
            fields.Supply(field, a[key], key);
        }

        fields.Supply(Field.Provider, Anthropic, _firstToken);
        if (a[_firstToken].TryGetNumber(out double milliseconds))
        {
            call.ReportedTtftMilliseconds = milliseconds;
            call.TtftSource = "ttft_ms";
        }

        return SpanRole.Call;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.CacheApart;

    private static AttributeValue Anthropic { get; } = AttributeValue.OfText("anthropic"u8.ToArray());
}
