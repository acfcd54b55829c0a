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
    private readonly OpenTelemetryGenAi _plain;
    private readonly AttributeKey _kind;
    private readonly AttributeKey _modelName;
    private readonly AttributeKey _parameters;
    private readonly AttributeKey _inputValue;
    private readonly AttributeKey _outputValue;
    private readonly AttributeKey _outputType;
    private readonly AttributeKey _metadata;
    private readonly AttributeKey _prompt;
    private readonly AttributeKey _promptId;
    private readonly AttributeKey _firstToken;
    private readonly AttributeKey _firstTokenOfVercel;

    public OpenInference(AttributeKeys keys, FieldMap map, OpenTelemetryGenAi plain)
    {
        _plain = plain;
        _kind = keys.Add("openinference.span.kind");
        _modelName = keys.Add("llm.model_name");
        _parameters = keys.Add("llm.invocation_parameters");
        _inputValue = keys.Add("input.value");
        _outputValue = keys.Add("output.value");
        _outputType = keys.Add("output.mime_type");
        _metadata = keys.Add("metadata");
        _prompt = keys.Add("llm.prompts.0.prompt.text");
        _promptId = keys.Add("prompt.id");
        _firstToken = keys.Add("time_to_first_token_ms");
        _firstTokenOfVercel = keys.Add("metadata.ai.response.msToFirstChunk");
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
            .Add(Field.PromptVersion, "llm.prompt_template.version")
            .Add(Field.Agent, "agent.name")
            .Add(Field.Tool, "tool.name")
            .Add(Field.ToolCallId, "tool_call.id", "tool.id")
            .Add(Field.Labels, "tag.tags");
    }

    /// <inheritdoc />
    public string Name => "openinference";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Attributes.Has(_kind);

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        fields.Supply(Field.Metadata, a[_metadata], _metadata);
        fields.Supply(Field.PromptName, a[_promptId], _promptId);
        (SpanRole? role, call.Operation) = RoleOf(a[_kind].Text);
        if (role is not { } known)
        {
            return _plain.RoleOf(span, fields, call);
        }

        if (known != SpanRole.Call)
        {
            return known;
        }

        // A custom tracer may say so on a span of the plain conventions, which name the operation more exactly.
        string operation = _plain.OperationOf(fields[Field.Operation]);
        if (call.Operation == Operations.Chat && Operations.RoleOf(operation) is SpanRole.Wrapper or SpanRole.Call)
        {
            call.Operation = operation;
            known = Operations.RoleOf(operation) ?? known;
        }
        else if (call.Operation == Operations.Chat && a.Has(_prompt))
        {
            call.Operation = Operations.TextCompletion;
        }

        ReadModels(a, fields, call);
        ReadResponse(a, fields, call);
        fields.Supply(Field.FirstTokenMilliseconds, a[_firstToken], _firstToken);
        fields.Supply(Field.FirstTokenMilliseconds, a[_firstTokenOfVercel], _firstTokenOfVercel);
        fields.Supply(Field.FirstTokenMilliseconds, JsonFields.Find(a[_metadata], "ai.response.msToFirstChunk"), _firstTokenOfVercel);
        fields.Supply(Field.FirstTokenMilliseconds, JsonFields.Find(a[_metadata], "ai", "response", "msToFirstChunk"), _firstTokenOfVercel);
        return known;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        // The provider's own usage in the recorded answer shows whether the count was taken over as it stood.
        AttributeValue output = span.Attributes[_outputValue];
        if (fields.Has(Field.CacheRead) || fields.Has(Field.CacheWrite))
        {
            AttributeValue raw = JsonFields.Find(output, "usage", "input_tokens");
            raw = raw.Kind == ValueKind.None ? JsonFields.Find(output, "usage", "inputTokens") : raw;
            bool isCachedApart = JsonFields.Find(output, "usage", "cache_read_input_tokens").Kind != ValueKind.None || JsonFields.Find(output, "usage", "cacheReadInputTokens").Kind != ValueKind.None;
            if (isCachedApart && raw.TryGetInteger(out long own) && fields[Field.InputTokens].TryGetInteger(out long told))
            {
                return own == told ? UsageMeaning.CacheApart : UsageMeaning.Inclusive;
            }
        }

        ReadOnlySpan<byte> scope = span.ScopeName.Span;
        bool isOther = scope.StartsWith("openinference.instrumentation."u8) || scope.StartsWith("@arizeai/"u8);
        bool isBedrock = scope.IndexOf("bedrock"u8) >= 0 || (call.Provider == "aws.bedrock" && !isOther);

        // JavaScript's package for Anthropic adds the cache since 0.2 (September 2026), Python's since 2025.
        bool isOldAnthropic = scope.SequenceEqual("@arizeai/openinference-instrumentation-anthropic"u8) && span.ScopeVersion.Span.StartsWith("0.1."u8);
        return isBedrock || isOldAnthropic ? UsageMeaning.CacheApart : UsageMeaning.Inclusive;
    }

    private static (SpanRole? Role, string Operation) RoleOf(ReadOnlySpan<byte> kind) => kind switch
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
        _ when Is(kind, "PROMPT"u8) => (SpanRole.Other, "prompt"),
        _ => (null, ""),
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
        if (output.Text is [(byte)'{', ..] && !a[_outputType].Text.SequenceEqual("text/plain"u8))
        {
            ReadRecorded(output, fields, call);
        }

        // The one name that there is: the model asked for, unless the answer names the same.
        fields.Supply(Field.ModelRequested, a[_modelName], _modelName);
        call.Content.RecordedInput = a[_inputValue];
        call.Content.RecordedOutput = output;
    }

    // The provider's answer as the client got it: OpenAI's and Anthropic's, and Gemini's with the names of the Python client and those of the API.
    private void ReadRecorded(AttributeValue output, FieldValues fields, LlmCall call) => JsonFields.EachMember(output, (Fields: fields, Call: call, Key: _outputValue), static (to, name, value) =>
    {
        switch (name)
        {
            case var _ when name.SequenceEqual("id"u8) || name.SequenceEqual("response_id"u8) || name.SequenceEqual("responseId"u8):
                to.Fields.Supply(Field.ResponseId, value, to.Key);
                break;
            case var _ when name.SequenceEqual("model"u8) || name.SequenceEqual("model_version"u8) || name.SequenceEqual("modelVersion"u8):
                to.Fields.Supply(Field.ModelAnswered, value, to.Key);
                break;
            case var _ when name.SequenceEqual("service_tier"u8):
                to.Fields.Supply(Field.ServiceTier, value, to.Key);
                break;
            case var _ when name.SequenceEqual("stop_reason"u8):
                to.Fields.Supply(Field.FinishReasons, value, to.Key);
                break;
            case var _ when name.SequenceEqual("choices"u8) && !to.Fields.Has(Field.FinishReasons):
                JsonFields.CollectFromArray(value, "finish_reason", to.Call.FinishReasons);
                break;
            case var _ when name.SequenceEqual("usage"u8):
                to.Fields.Supply(Field.ServiceTier, JsonFields.Find(value, "service_tier"), to.Key);
                to.Fields.Supply(Field.CacheWriteOneHour, JsonFields.Find(value, "cache_creation", "ephemeral_1h_input_tokens"), to.Key);
                to.Fields.Supply(Field.WebSearches, JsonFields.Find(value, "server_tool_use", "web_search_requests"), to.Key);
                break;
            default:
                break;
        }
    });
}
