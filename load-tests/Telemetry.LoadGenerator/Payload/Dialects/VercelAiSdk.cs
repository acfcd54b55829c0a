namespace Telemetry.LoadGenerator.Payload.Dialects;

/// <summary>Vercel AI SDK 5 and 6 with their own <c>ai.*</c> names.</summary>
internal sealed class VercelAiSdk : IDialect
{
    private const string Function = "support";

    /// <inheritdoc />
    public string ScopeName => "ai";

    /// <inheritdoc />
    public string ScopeVersion => "";

    /// <inheritdoc />
    public SpanText Agent(CallFacts facts, int calls) => new("ai.streamText", SpanKinds.Internal,
    [
        .. Common(facts, "ai.streamText"),
        new("ai.settings.maxRetries", 2L),
        new("ai.response.finishReason", "stop"),
        new("ai.usage.inputTokens", calls * CallFacts.InputTokensOfAgent),
        new("ai.usage.outputTokens", calls * CallFacts.OutputTokensOfAgent),
    ]);

    /// <inheritdoc />
    public SpanText Call(CallFacts facts)
    {
        const double MillisecondsPerSecond = 1000;
        List<SpanAttribute> attributes =
        [
            .. Common(facts, "ai.streamText.doStream"),
            new("gen_ai.system", Provider(facts)),
            new("gen_ai.request.model", facts.Model.Requested),
            new("ai.response.msToFirstChunk", facts.FirstTokenSeconds * MillisecondsPerSecond),
            new("ai.response.finishReason", "stop"),
            new("ai.response.id", CallFacts.ResponseId),
            new("ai.response.model", facts.Model.Answered),
            new("ai.usage.inputTokens", Slots.InputTokens),
            new("ai.usage.inputTokenDetails.noCacheTokens", Slots.InputTokens),
            new("ai.usage.outputTokens", Slots.OutputTokens),
            new("gen_ai.response.finish_reasons", CallFacts.FinishReasons),
            new("gen_ai.response.id", CallFacts.ResponseId),
            new("gen_ai.response.model", facts.Model.Answered),
            new("gen_ai.usage.input_tokens", Slots.InputTokens),
            new("gen_ai.usage.output_tokens", Slots.OutputTokens),
        ];
        if (facts.HasContent)
        {
            attributes.Add(new("ai.prompt.messages", Messages.Vercel(facts.Prompt)));
            attributes.Add(new("ai.response.text", facts.Answer));
        }

        return new SpanText("ai.streamText.doStream", SpanKinds.Internal, attributes);
    }

    /// <inheritdoc />
    public SpanText Tool(CallFacts facts) => new("ai.toolCall", SpanKinds.Internal,
    [
        new("operation.name", $"ai.toolCall {Function}"),
        new("resource.name", Function),
        new("ai.operationId", "ai.toolCall"),
        new("ai.telemetry.functionId", Function),
        new("ai.telemetry.metadata.sessionId", CallFacts.Session),
        new("ai.telemetry.metadata.promptName", CallFacts.PromptName),
        new("ai.toolCall.name", facts.ToolName),
        new("ai.toolCall.id", $"call_{Slots.Unique}"),
    ]);

    private static SpanAttribute[] Common(CallFacts facts, string operation) =>
    [
        new("operation.name", $"{operation} {Function}"),
        new("resource.name", Function),
        new("ai.operationId", operation),
        new("ai.telemetry.functionId", Function),
        new("ai.model.provider", Provider(facts)),
        new("ai.model.id", facts.Model.Requested),
        new("ai.telemetry.metadata.sessionId", CallFacts.Session),
        new("ai.telemetry.metadata.promptName", CallFacts.PromptName),
    ];

    private static string Provider(CallFacts facts) => facts.Model.Provider == "openai" ? "openai.chat" : $"{facts.Model.Provider}.messages";
}
