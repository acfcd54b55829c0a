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
    private readonly AttributeKey _inputDetails;
    private readonly AttributeKey _inputDetailsCache;
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
        _inputDetails = keys.Add("ai.usage.inputTokenDetails.noCacheTokens");
        _inputDetailsCache = keys.Add("ai.usage.inputTokenDetails.cacheReadTokens");
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
    public bool Recognizes(DecodedSpan span, FieldValues fields) => span.Attributes.Has(_operationId) || (span.ScopeName.Span.SequenceEqual("ai"u8) && span.Name.Span.StartsWith("ai."u8));

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
        // Version 6 breaks the input down and counts all of it; before, Anthropic's provider passed the API's input through, which leaves the cache out.
        bool brokenDown = span.Attributes.Has(_inputDetails) || span.Attributes.Has(_inputDetailsCache);
        bool cacheApart = !brokenDown && (call.Provider is "anthropic" or "aws.bedrock" || (call.Provider == "gcp.vertex_ai" && call.ModelRequested.StartsWith("claude", StringComparison.OrdinalIgnoreCase)));
        return cacheApart ? UsageMeaning.CacheApart : UsageMeaning.Inclusive;
    }

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

    // Where the counts of the common names do not reach: the cache of Anthropic and Bedrock, the lifetime of cache writes, OpenAI's cached share.
    private void ReadProviderMetadata(AttributeValue metadata, FieldValues fields)
    {
        if (metadata.Kind != ValueKind.Text)
        {
            return;
        }

        fields.Supply(Field.CacheRead, First(metadata, ["anthropic", "cacheReadInputTokens"], ["anthropic", "usage", "cache_read_input_tokens"], ["bedrock", "usage", "cacheReadInputTokens"], ["openai", "cachedPromptTokens"]), _providerMetadata);
        fields.Supply(Field.CacheWrite, First(metadata, ["anthropic", "cacheCreationInputTokens"], ["anthropic", "usage", "cache_creation_input_tokens"], ["bedrock", "usage", "cacheWriteInputTokens"]), _providerMetadata);
        fields.Supply(Field.CacheWriteOneHour, JsonFields.Find(metadata, "anthropic", "usage", "cache_creation", "ephemeral_1h_input_tokens"), _providerMetadata);
        fields.Supply(Field.Reasoning, JsonFields.Find(metadata, "openai", "reasoningTokens"), _providerMetadata);
        fields.Supply(Field.ServiceTier, JsonFields.Find(metadata, "openai", "serviceTier"), _providerMetadata);
        fields.Supply(Field.WebSearches, JsonFields.Find(metadata, "anthropic", "usage", "server_tool_use", "web_search_requests"), _providerMetadata);
    }

    private static AttributeValue First(AttributeValue json, params ReadOnlySpan<string[]> paths)
    {
        foreach (string[] path in paths)
        {
            AttributeValue value = JsonFields.Find(json, path);
            if (value.Kind != ValueKind.None)
            {
                return value;
            }
        }

        return default;
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
