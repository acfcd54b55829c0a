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
    private readonly OpenTelemetryGenAi _plain;
    private readonly TextInterner _texts = new();
    private readonly AttributeKey _kind;
    private readonly AttributeKey _traceId;
    private readonly AttributeKey _runName;
    private readonly AttributeKey _usage;
    private readonly AttributeKey _inputDetails;
    private readonly AttributeKey _outputDetails;
    private readonly AttributeKey _tags;
    private readonly AttributeKey _model;
    private readonly AttributeKey _provider;

    public LangSmith(AttributeKeys keys, FieldMap map, OpenTelemetryGenAi plain)
    {
        _plain = plain;
        _kind = keys.Add("langsmith.span.kind");
        _traceId = keys.Add("langsmith.trace.id");
        _runName = keys.Add("langsmith.trace.name");
        _usage = keys.Add("langsmith.usage_metadata");
        _inputDetails = keys.Add("gen_ai.usage.input_token_details");
        _outputDetails = keys.Add("gen_ai.usage.output_token_details");
        _tags = keys.Add("langsmith.span.tags");
        _model = keys.Add("langsmith.metadata.ls_model_name");
        _provider = keys.Add("langsmith.metadata.ls_provider");
        map.Add(Field.Stream, "langsmith.request.streaming")
            .Add(Field.Session, "langsmith.metadata.session_id", "langsmith.metadata.thread_id", "langsmith.metadata.conversation_id")
            .Add(Field.User, "langsmith.metadata.user_id")
            .Add(Field.PromptName, "langsmith.metadata.lc_hub_repo", "langsmith.metadata.prompt_name")
            .Add(Field.PromptVersion, "langsmith.metadata.lc_hub_commit_hash", "langsmith.metadata.prompt_version");
    }

    /// <inheritdoc />
    public string Name => "langsmith";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Attributes.Has(_kind) || span.Attributes.Has(_traceId) || span.ScopeName.Span.SequenceEqual("langsmith"u8);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        ReadUsage(a, fields);
        fields.Supply(Field.ModelRequested, a[_model], _model);
        Split(a[_tags].TextMemory, call.Labels);
        if (fields[Field.FinishReasons] is { Kind: ValueKind.Text } reasons && reasons.Text is not [(byte)'[', ..])
        {
            // One text for all choices: stop, length.
            Split(reasons.TextMemory, call.FinishReasons);
            fields.Remove(Field.FinishReasons);
        }

        // The exporter guesses the system from the model's name and falls back to the framework's; what the run itself says is better.
        if (FieldValues.Tells(a[_provider]))
        {
            fields.Replace(Field.Provider, a[_provider], _provider);
        }

        ReadOnlySpan<byte> kind = a[_kind].Text;
        if (kind.IsEmpty)
        {
            return _plain.RoleOf(span, fields, call);
        }

        (SpanRole role, call.Operation) = kind switch
        {
            _ when kind.SequenceEqual("llm"u8) => (SpanRole.Call, Operations.Chat),
            _ when kind.SequenceEqual("embedding"u8) => (SpanRole.Call, Operations.Embeddings),
            _ when kind.SequenceEqual("chain"u8) => (SpanRole.Wrapper, Operations.InvokeWorkflow),
            _ when kind.SequenceEqual("tool"u8) => (SpanRole.Other, Operations.ExecuteTool),
            _ when kind.SequenceEqual("retriever"u8) => (SpanRole.Other, Operations.Retrieval),
            _ => (SpanRole.Wrapper, _texts.Get(kind)),
        };
        if (call.Operation == Operations.ExecuteTool)
        {
            fields.Supply(Field.Tool, a[_runName], _runName);
            fields.Supply(Field.Tool, AttributeValue.OfText(span.Name), _runName);
        }

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

    // Python's exporter prints the details rather than encode them.
    private static void ReadDetails(FieldValues fields, AttributeValue input, AttributeValue output, AttributeKey source)
    {
        fields.Supply(Field.CacheRead, JsonFields.FindLoosely(input, "cache_read"), source);
        fields.Supply(Field.CacheWrite, JsonFields.FindLoosely(input, "cache_creation"), source);
        fields.Supply(Field.CacheWriteFiveMinutes, JsonFields.FindLoosely(input, "ephemeral_5m_input_tokens"), source);
        fields.Supply(Field.CacheWriteOneHour, JsonFields.FindLoosely(input, "ephemeral_1h_input_tokens"), source);
        fields.Supply(Field.AudioInput, JsonFields.FindLoosely(input, "audio"), source);
        fields.Supply(Field.Reasoning, JsonFields.FindLoosely(output, "reasoning"), source);
        fields.Supply(Field.AudioOutput, JsonFields.FindLoosely(output, "audio"), source);
    }

    private static void Split(ReadOnlyMemory<byte> list, List<ReadOnlyMemory<byte>> items)
    {
        while (list.Length > 0)
        {
            int comma = list.Span.IndexOf((byte)',');
            ReadOnlyMemory<byte> item = comma < 0 ? list : list[..comma];
            list = comma < 0 ? default : list[(comma + 1)..];
            int start = item.Span.IndexOfAnyExcept((byte)' ');
            if (start >= 0)
            {
                items.Add(item[start..(item.Span.LastIndexOfAnyExcept((byte)' ') + 1)]);
            }
        }
    }
}
