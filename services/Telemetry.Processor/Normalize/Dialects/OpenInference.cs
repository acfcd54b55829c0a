using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// OpenInference (Arize): <c>openinference.span.kind</c> on every span, flat indexed messages, token counts under <c>llm.token_count</c>. Response id, service
/// tier and requested model stand only inside the recorded request and response. Source: Arize-ai/openinference, spec/semantic_conventions.md.
/// </summary>
internal sealed class OpenInference : ISpanDialect
{
    private readonly AttributeKey _kind;
    private readonly AttributeKey _modelName;
    private readonly AttributeKey _provider;
    private readonly AttributeKey _parameters;
    private readonly AttributeKey _inputValue;
    private readonly AttributeKey _outputValue;
    private readonly AttributeKey _outputType;
    private readonly AttributeKey _metadata;

    public OpenInference(AttributeKeys keys, FieldMap map)
    {
        _kind = keys.Add("openinference.span.kind");
        _modelName = keys.Add("llm.model_name");
        _provider = keys.Add("llm.provider");
        _parameters = keys.Add("llm.invocation_parameters");
        _inputValue = keys.Add("input.value");
        _outputValue = keys.Add("output.value");
        _outputType = keys.Add("output.mime_type");
        _metadata = keys.Add("metadata");
        map.Add(Field.Provider, "llm.system")
            .Add(Field.Host, "llm.provider")
            .Add(Field.ModelRequested, "llm.request.model_name", "reranker.model_name")
            .Add(Field.ModelAnswered, "llm.response.model_name")
            .Add(Field.Model, "llm.model_name", "embedding.model_name")
            .Add(Field.FinishReasons, "llm.finish_reason")
            .Add(Field.InputTokens, "llm.token_count.prompt")
            .Add(Field.OutputTokens, "llm.token_count.completion")
            .Add(Field.TotalTokens, "llm.token_count.total")
            .Add(Field.CacheRead, "llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input")
            .Add(Field.CacheWrite, "llm.token_count.prompt_details.cache_write")
            .Add(Field.Reasoning, "llm.token_count.completion_details.reasoning")
            .Add(Field.AudioInput, "llm.token_count.prompt_details.audio")
            .Add(Field.AudioOutput, "llm.token_count.completion_details.audio")
            .Add(Field.Cost, "llm.cost.total")
            .Add(Field.FirstTokenMilliseconds, "time_to_first_token_ms")
            .Add(Field.PromptName, "prompt.id")
            .Add(Field.PromptVersion, "llm.prompt_template.version")
            .Add(Field.Agent, "agent.name")
            .Add(Field.Tool, "tool.name")
            .Add(Field.ToolCallId, "tool.id")
            .Add(Field.Labels, "tag.tags")
            .Add(Field.Metadata, "metadata");
    }

    /// <inheritdoc />
    public string Name => "openinference";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Attributes.Has(_kind);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        (SpanRole role, call.Operation) = RoleOf(a[_kind].Text);
        if (role != SpanRole.Call)
        {
            return role;
        }

        // A custom tracer may say so on a span of the plain conventions.
        if (call.Operation == Operations.Chat && fields.Has(Field.Operation) && Operations.RoleOf(Operations.Normalize(System.Text.Encoding.UTF8.GetString(fields[Field.Operation].Text))) is SpanRole.Wrapper)
        {
            return SpanRole.Wrapper;
        }

        ReadModels(a, fields, call);
        ReadResponse(a, fields, call);
        fields.Supply(Field.FirstTokenMilliseconds, JsonFields.Find(a[_metadata], "ai.response.msToFirstChunk"), _metadata);
        return role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        bool isBedrock = call.Provider == "aws.bedrock" || span.ScopeName.Span.IndexOf("bedrock"u8) >= 0;
        return isBedrock ? UsageMeaning.CacheApart : UsageMeaning.Inclusive;
    }

    private static (SpanRole Role, string Operation) RoleOf(ReadOnlySpan<byte> kind) => kind switch
    {
        _ when Is(kind, "LLM"u8) => (SpanRole.Call, Operations.Chat),
        _ when Is(kind, "EMBEDDING"u8) => (SpanRole.Call, Operations.Embeddings),
        _ when Is(kind, "RERANKER"u8) => (SpanRole.Call, Operations.Rerank),
        _ when Is(kind, "AGENT"u8) => (SpanRole.Wrapper, Operations.InvokeAgent),
        _ when Is(kind, "CHAIN"u8) => (SpanRole.Wrapper, Operations.InvokeWorkflow),
        _ when Is(kind, "TOOL"u8) => (SpanRole.Other, Operations.ExecuteTool),
        _ when Is(kind, "RETRIEVER"u8) => (SpanRole.Other, Operations.Retrieval),
        _ when Is(kind, "GUARDRAIL"u8) => (SpanRole.Wrapper, "guardrail"),
        _ when Is(kind, "EVALUATOR"u8) => (SpanRole.Wrapper, "evaluator"),
        _ => (SpanRole.Other, ""),
    };

    private static bool Is(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> name) => System.Text.Ascii.EqualsIgnoreCase(kind, name);

    // llm.model_name is the model that answered where that is known, else the one asked for; the recorded parameters hold the one asked for.
    private void ReadModels(AttributeSet a, FieldValues fields, LlmCall call)
    {
        fields.Supply(Field.ModelRequested, JsonFields.Find(a[_parameters], "model"), _parameters);
        if (fields.Has(Field.ModelRequested) && a.Has(_modelName))
        {
            bool answered = a.Has(_outputValue) || fields.Has(Field.OutputTokens);
            if (answered && !fields[Field.ModelRequested].Text.SequenceEqual(a[_modelName].Text))
            {
                fields.Supply(Field.ModelAnswered, a[_modelName], _modelName);
            }
        }

        call.Stream = JsonFields.Find(a[_parameters], "stream").AsBool();
    }

    private void ReadResponse(AttributeSet a, FieldValues fields, LlmCall call)
    {
        AttributeValue output = a[_outputValue];
        if (output.Kind == ValueKind.Text && output.Slice.Length > 0 && output.Slice.Span[0] == (byte)'{' && !a[_outputType].Text.SequenceEqual("text/plain"u8))
        {
            AttributeValue id = JsonFields.Find(output, "id");
            if (id.Kind == ValueKind.Text)
            {
                fields.Supply(Field.ResponseId, id, _outputValue);
                fields.Supply(Field.ModelAnswered, JsonFields.Find(output, "model"), _outputValue);
                fields.Supply(Field.ServiceTier, JsonFields.Find(output, "service_tier"), _outputValue);
            }
        }

        call.Content.RecordedInput = a[_inputValue];
        call.Content.RecordedOutput = output;
    }
}
