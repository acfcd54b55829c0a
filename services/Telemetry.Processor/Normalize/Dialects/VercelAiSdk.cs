using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;
using Telemetry.Processor.Normalize.Usage;

namespace Telemetry.Processor.Normalize.Dialects;

/// <summary>
/// Vercel AI SDK 3 to 6, and its legacy exporter in 7 (<c>ai.*</c>): usage stands on the outer span, where it is the sum over the steps, and on the inner
/// <c>.doGenerate</c>, <c>.doStream</c> and <c>.doEmbed</c> spans, which are the provider calls. The exporter of version 7 (scope <c>gen_ai</c>) writes the
/// plain conventions and is read as such. Source: vercel/ai, packages/otel and packages/ai telemetry.
/// </summary>
internal sealed class VercelAiSdk : ISpanDialect
{
    private readonly AttributeKey _operationId;
    private readonly AttributeKey _providerMetadata;
    private readonly AttributeKey _modelId;
    private readonly AttributeKey _noCache;
    private readonly AttributeKey _langfusePrompt;
    private readonly AttributeKey _toolName;
    private readonly AttributeKey _text;
    private readonly AttributeKey _olderText;
    private readonly AttributeKey _object;
    private readonly AttributeKey _olderObject;
    private readonly AttributeKey _toolCalls;
    private readonly AttributeKey _olderToolCalls;
    private readonly AttributeKey _reasoningText;

    public VercelAiSdk(AttributeKeys keys, FieldMap map)
    {
        _operationId = keys.Add("ai.operationId");
        _providerMetadata = keys.Add("ai.response.providerMetadata");
        _modelId = keys.Add("ai.model.id");
        _noCache = keys.Add("ai.usage.inputTokenDetails.noCacheTokens");
        _langfusePrompt = keys.Add("ai.telemetry.metadata.langfusePrompt");
        _toolName = keys.Add("ai.toolCall.name");
        _text = keys.Add("ai.response.text");
        _olderText = keys.Add("ai.result.text");
        _object = keys.Add("ai.response.object");
        _olderObject = keys.Add("ai.result.object");
        _toolCalls = keys.Add("ai.response.toolCalls");
        _olderToolCalls = keys.Add("ai.result.toolCalls");
        _reasoningText = keys.Add("ai.response.reasoning");
        map.Add(Field.Provider, "ai.model.provider")
            .Add(Field.ModelRequested, "ai.model.id")
            .Add(Field.ModelAnswered, "ai.response.model")
            .Add(Field.ResponseId, "ai.response.id")
            .Add(Field.FinishReasons, "ai.response.finishReason", "ai.finishReason")
            .Add(Field.InputTokens, "ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens")
            .Add(Field.OutputTokens, "ai.usage.outputTokens", "ai.usage.completionTokens")
            .Add(Field.TotalTokens, "ai.usage.totalTokens")
            .Add(Field.CacheRead, "ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.cachedInputTokens")
            .Add(Field.CacheWrite, "ai.usage.inputTokenDetails.cacheWriteTokens")
            .Add(Field.Reasoning, "ai.usage.outputTokenDetails.reasoningTokens", "ai.usage.reasoningTokens")
            .Add(Field.FirstTokenMilliseconds, "ai.response.msToFirstChunk", "ai.stream.msToFirstChunk")
            .Add(Field.Session, "ai.telemetry.metadata.sessionId", "ai.telemetry.metadata.session_id", "ai.settings.context.sessionId", "ai.telemetry.metadata.threadId", "ai.telemetry.metadata.chatId")
            .Add(Field.User, "ai.telemetry.metadata.userId", "ai.telemetry.metadata.user_id", "ai.settings.context.userId")
            .Add(Field.PromptName, "ai.telemetry.metadata.promptName", "ai.telemetry.metadata.prompt_name", "ai.settings.context.promptName")
            .Add(Field.PromptVersion, "ai.telemetry.metadata.promptVersion", "ai.telemetry.metadata.prompt_version", "ai.settings.context.promptVersion")
            .Add(Field.Agent, "ai.telemetry.functionId")
            .Add(Field.Labels, "ai.telemetry.metadata.tags")
            .Add(Field.Tool, "ai.toolCall.name")
            .Add(Field.ToolCallId, "ai.toolCall.id")
            .Add(Field.InputMessages, "ai.prompt.messages", "ai.prompt", "ai.values", "ai.value")
            .Add(Field.ToolDefinitions, "ai.prompt.tools");
    }

    /// <inheritdoc />
    public string Name => "vercel_ai";

    /// <inheritdoc />
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Attributes.Has(_operationId)
        || (span.Name.Span.StartsWith("ai."u8) && (span.ScopeName.Span.SequenceEqual("ai"u8) || span.Attributes.Has(_modelId) || span.Attributes.Has(_toolName)));

    /// <inheritdoc />
    public SpanRole Read(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        AttributeSet a = span.Attributes;
        ReadOnlySpan<byte> operation = a.Has(_operationId) ? a[_operationId].Text : span.Name.Span;
        (SpanRole role, call.Operation) = RoleOf(operation);
        if (operation.IndexOf("stream"u8) >= 0 || operation.IndexOf("Stream"u8) >= 0)
        {
            call.Stream = true;
        }
        else if (role == SpanRole.Call)
        {
            call.Stream = false;
        }

        ReadProviderMetadata(a[_providerMetadata], fields);
        AttributeValue prompt = a[_langfusePrompt];
        fields.Supply(Field.PromptName, JsonFields.Find(prompt, "name"), _langfusePrompt);
        fields.Supply(Field.PromptVersion, JsonFields.Find(prompt, "version"), _langfusePrompt);
        call.Content.OutputText = First(a, _text, _olderText, _object, _olderObject);
        call.Content.OutputToolCalls = First(a, _toolCalls, _olderToolCalls);
        call.Content.OutputReasoning = a[_reasoningText];
        if (role == SpanRole.Other && a.Has(_toolName))
        {
            fields.Remove(Field.Agent);
        }

        return role;
    }

    /// <inheritdoc />
    public UsageMeaning MeaningOf(DecodedSpan span, FieldValues fields, LlmCall call)
    {
        // Version 6 breaks the input down and counts all of it; what it calls uncached shows whether it did.
        if (span.Attributes[_noCache].TryGetInteger(out long uncached) && fields[Field.InputTokens].TryGetInteger(out long input))
        {
            return uncached == input && HasCache(fields) ? UsageMeaning.CacheApart : UsageMeaning.Inclusive;
        }

        // Before, the providers for Anthropic's and Bedrock's APIs passed their input through, which leaves the cache out, whoever serves the model.
        AttributeValue metadata = span.Attributes[_providerMetadata];
        bool isApart = call.Provider is "anthropic" or "aws.bedrock" || (call.Provider == "gcp.vertex_ai" && call.ModelRequested.StartsWith("claude", StringComparison.OrdinalIgnoreCase))
            || (HasCache(fields) && (JsonFields.Find(metadata, "anthropic").Kind != ValueKind.None || JsonFields.Find(metadata, "bedrock").Kind != ValueKind.None));
        return isApart ? UsageMeaning.CacheApart : UsageMeaning.Inclusive;
    }

    private static bool HasCache(FieldValues fields) =>
        (fields[Field.CacheRead].TryGetInteger(out long read) && read > 0) || (fields[Field.CacheWrite].TryGetInteger(out long written) && written > 0);

    private static (SpanRole Role, string Operation) RoleOf(ReadOnlySpan<byte> operation)
    {
        // The name of a span may go on with the function's id.
        int end = operation.IndexOf((byte)' ');
        operation = end >= 0 ? operation[..end] : operation;
        if (operation.EndsWith(".doGenerate"u8) || operation.EndsWith(".doStream"u8))
        {
            return (SpanRole.Call, Operations.Chat);
        }

        if (operation.EndsWith(".doEmbed"u8))
        {
            return (SpanRole.Call, Operations.Embeddings);
        }

        if (operation.EndsWith(".doRerank"u8))
        {
            return (SpanRole.Call, Operations.Rerank);
        }

        return operation.SequenceEqual("ai.toolCall"u8) ? (SpanRole.Other, Operations.ExecuteTool) : (SpanRole.Wrapper, Operations.InvokeAgent);
    }

    // Where the counts of the common names do not reach: the cache of Anthropic and Bedrock, the lifetime of cache writes, OpenAI's cached share. One object for
    // each provider that had a part in the call.
    private void ReadProviderMetadata(AttributeValue metadata, FieldValues fields) => JsonFields.EachMember(metadata, (Fields: fields, Key: _providerMetadata), static (to, name, value) =>
    {
        if (name.SequenceEqual("anthropic"u8))
        {
            ReadAnthropic(value, to.Fields, to.Key);
        }
        else if (name.SequenceEqual("bedrock"u8))
        {
            to.Fields.Supply(Field.CacheRead, JsonFields.Find(value, "usage", "cacheReadInputTokens"), to.Key);
            to.Fields.Supply(Field.CacheWrite, JsonFields.Find(value, "usage", "cacheWriteInputTokens"), to.Key);
        }
        else if (name.SequenceEqual("openai"u8) || name.SequenceEqual("azure"u8))
        {
            to.Fields.Supply(Field.CacheRead, JsonFields.Find(value, "cachedPromptTokens"), to.Key);
            to.Fields.Supply(Field.Reasoning, JsonFields.Find(value, "reasoningTokens"), to.Key);
            to.Fields.Supply(Field.ServiceTier, JsonFields.Find(value, "serviceTier"), to.Key);
        }
        else if (name.SequenceEqual("google"u8) || name.SequenceEqual("vertex"u8))
        {
            to.Fields.Supply(Field.CacheRead, JsonFields.Find(value, "usageMetadata", "cachedContentTokenCount"), to.Key);
            to.Fields.Supply(Field.Reasoning, JsonFields.Find(value, "usageMetadata", "thoughtsTokenCount"), to.Key);
            to.Fields.Supply(Field.TotalTokens, JsonFields.Find(value, "usageMetadata", "totalTokenCount"), to.Key);
        }
        else if (name.SequenceEqual("deepseek"u8))
        {
            to.Fields.Supply(Field.CacheRead, JsonFields.Find(value, "promptCacheHitTokens"), to.Key);
        }
        else if (name.SequenceEqual("gateway"u8))
        {
            to.Fields.Supply(Field.Cost, JsonFields.Find(value, "cost"), to.Key);
        }
        else if (name.SequenceEqual("openrouter"u8))
        {
            to.Fields.Supply(Field.Cost, JsonFields.Find(value, "usage", "cost"), to.Key);
        }
    });

    private static void ReadAnthropic(AttributeValue value, FieldValues fields, AttributeKey source)
    {
        AttributeValue usage = JsonFields.Find(value, "usage");
        fields.Supply(Field.CacheRead, JsonFields.Find(value, "cacheReadInputTokens"), source);
        fields.Supply(Field.CacheRead, JsonFields.Find(usage, "cache_read_input_tokens"), source);
        fields.Supply(Field.CacheWrite, JsonFields.Find(value, "cacheCreationInputTokens"), source);
        fields.Supply(Field.CacheWrite, JsonFields.Find(usage, "cache_creation_input_tokens"), source);
        fields.Supply(Field.CacheWriteFiveMinutes, JsonFields.Find(usage, "cache_creation", "ephemeral_5m_input_tokens"), source);
        fields.Supply(Field.CacheWriteOneHour, JsonFields.Find(usage, "cache_creation", "ephemeral_1h_input_tokens"), source);
        fields.Supply(Field.ServiceTier, JsonFields.Find(usage, "service_tier"), source);
        fields.Supply(Field.WebSearches, JsonFields.Find(usage, "server_tool_use", "web_search_requests"), source);
    }

    private static AttributeValue First(AttributeSet a, params ReadOnlySpan<AttributeKey> keys)
    {
        foreach (AttributeKey key in keys)
        {
            if (a.Has(key))
            {
                return a[key];
            }
        }

        return default;
    }
}
