using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// LangSmith's OTLP exporter: every run type carries an operation and may carry copies of usage; only <c>langsmith.span.kind</c> llm and embedding are
/// calls. The trace's session is a project, not a user's session. Source: langchain-ai/langsmith-sdk, _otel_exporter.py and the JS translator.
/// </summary>
internal sealed class LangSmith : ISpanDialect
{
    private readonly AttributeKey _kind;
    private readonly AttributeKey _traceId;
    private readonly AttributeKey _usage;
    private readonly AttributeKey _inputDetails;
    private readonly AttributeKey _outputDetails;
    private readonly AttributeKey _tags;
    private readonly AttributeKey _model;

    public LangSmith(AttributeKeys keys, FieldMap map)
    {
        _kind = keys.Add("langsmith.span.kind");
        _traceId = keys.Add("langsmith.trace.id");
        _usage = keys.Add("langsmith.usage_metadata");
        _inputDetails = keys.Add("gen_ai.usage.input_token_details");
        _outputDetails = keys.Add("gen_ai.usage.output_token_details");
        _tags = keys.Add("langsmith.span.tags");
        _model = keys.Add("langsmith.metadata.ls_model_name");
        map.Add(Field.Provider, "langsmith.metadata.ls_provider")
            .Add(Field.Stream, "langsmith.request.streaming")
            .Add(Field.Session, "langsmith.metadata.session_id", "langsmith.metadata.thread_id", "langsmith.metadata.conversation_id")
            .Add(Field.User, "langsmith.metadata.user_id")
            .Add(Field.PromptName, "langsmith.metadata.lc_hub_repo", "langsmith.metadata.prompt_name")
            .Add(Field.PromptVersion, "langsmith.metadata.lc_hub_commit_hash", "langsmith.metadata.prompt_version");
    }

    /// <inheritdoc />
    public string Name => "langsmith";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Attributes.Has(_kind) || span.Attributes.Has(_traceId);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        ReadUsage(a, fields);
        fields.Supply(Field.ModelRequested, a[_model], _model);
        SplitTags(a[_tags].TextMemory, call);

        // The exporter guesses the system from the model's name and falls back to the framework's; what the run itself says is better.
        ReadOnlySpan<byte> kind = a[_kind].Text;
        (SpanRole role, call.Operation) = kind switch
        {
            _ when kind.SequenceEqual("llm"u8) => (SpanRole.Call, Operations.Chat),
            _ when kind.SequenceEqual("embedding"u8) => (SpanRole.Call, Operations.Embeddings),
            _ when kind.SequenceEqual("chain"u8) => (SpanRole.Wrapper, Operations.InvokeWorkflow),
            _ when kind.SequenceEqual("tool"u8) => (SpanRole.Other, Operations.ExecuteTool),
            _ when kind.SequenceEqual("retriever"u8) => (SpanRole.Other, Operations.Retrieval),
            _ => (SpanRole.Wrapper, System.Text.Encoding.UTF8.GetString(kind)),
        };
        return role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call) => UsageMeaning.Inclusive;

    private void ReadUsage(AttributeSet a, FieldValues fields)
    {
        AttributeValue usage = a[_usage];
        fields.Supply(Field.InputTokens, JsonFields.Find(usage, "input_tokens"), _usage);
        fields.Supply(Field.OutputTokens, JsonFields.Find(usage, "output_tokens"), _usage);
        fields.Supply(Field.TotalTokens, JsonFields.Find(usage, "total_tokens"), _usage);
        fields.Supply(Field.Cost, JsonFields.Find(usage, "total_cost"), _usage);
        ReadDetails(fields, JsonFields.Find(usage, "input_token_details"), JsonFields.Find(usage, "output_token_details"), _usage);
        ReadDetails(fields, a[_inputDetails], a[_outputDetails], _inputDetails);
    }

    private static void ReadDetails(FieldValues fields, AttributeValue input, AttributeValue output, AttributeKey source)
    {
        fields.Supply(Field.CacheRead, JsonFields.Find(input, "cache_read"), source);
        fields.Supply(Field.CacheWrite, JsonFields.Find(input, "cache_creation"), source);
        fields.Supply(Field.CacheWriteOneHour, JsonFields.Find(input, "ephemeral_1h_input_tokens"), source);
        fields.Supply(Field.AudioInput, JsonFields.Find(input, "audio"), source);
        fields.Supply(Field.Reasoning, JsonFields.Find(output, "reasoning"), source);
        fields.Supply(Field.AudioOutput, JsonFields.Find(output, "audio"), source);
    }

    private static void SplitTags(ReadOnlyMemory<byte> tags, LlmCall call)
    {
        while (tags.Length > 0)
        {
            int comma = tags.Span.IndexOf((byte)',');
            ReadOnlyMemory<byte> tag = comma < 0 ? tags : tags[..comma];
            tags = comma < 0 ? default : tags[(comma + 1)..];
            tag = TrimSpaces(tag);
            if (tag.Length > 0)
            {
                call.Labels.Add(tag);
            }
        }
    }

    private static ReadOnlyMemory<byte> TrimSpaces(ReadOnlyMemory<byte> text)
    {
        ReadOnlySpan<byte> trimmed = text.Span.Trim((byte)' ');
        return trimmed.IsEmpty ? default : text.Slice(text.Span.IndexOf(trimmed), trimmed.Length);
    }
}
