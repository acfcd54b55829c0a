namespace Telemetry.LoadGenerator.Payload.Dialects;

/// <summary>The OpenTelemetry GenAI conventions 1.41.</summary>
internal sealed class OpenTelemetryGenAi : IDialect
{
    /// <inheritdoc />
    public string ScopeName => "opentelemetry.instrumentation.openai_v2";

    /// <inheritdoc />
    public string ScopeVersion => "2.3b0";

    /// <inheritdoc />
    public SpanText Agent(CallFacts facts, int calls) => new("invoke_agent support", SpanKinds.Internal,
    [
        new("gen_ai.operation.name", "invoke_agent"),
        new("gen_ai.provider.name", facts.Model.Provider),
        new("gen_ai.request.model", facts.Model.Requested),
        new("gen_ai.agent.name", "support"),
        new("gen_ai.agent.id", "asst_5j66UpCp"),
        new("shop.region", "eu-1"),
        new("gen_ai.conversation.id", CallFacts.Session),
        new("gen_ai.prompt.name", CallFacts.PromptName),
        new("gen_ai.output.type", "text"),
        new("gen_ai.usage.input_tokens", calls * CallFacts.InputTokensOfAgent),
        new("gen_ai.usage.output_tokens", calls * CallFacts.OutputTokensOfAgent),
        new("user.id", $"u-{Slots.Prompt}"),
    ]);

    /// <inheritdoc />
    public SpanText Call(CallFacts facts)
    {
        var attributes = new List<SpanAttribute>
        {
            new("gen_ai.operation.name", "chat"),
            new("gen_ai.provider.name", facts.Model.Provider),
            new("gen_ai.request.model", facts.Model.Requested),
            new("gen_ai.response.model", facts.Model.Answered),
            new("gen_ai.response.id", CallFacts.ResponseId),
            new("gen_ai.response.time_to_first_chunk", facts.FirstTokenSeconds),
            new("gen_ai.usage.input_tokens", Slots.InputTokens),
            new("gen_ai.usage.output_tokens", Slots.OutputTokens),
            new("gen_ai.conversation.id", CallFacts.Session),
            new("gen_ai.prompt.name", CallFacts.PromptName),
            new("retries", 0L),
            new("user.id", $"u-{Slots.Prompt}"),
        };
        if (facts.HasContent)
        {
            attributes.Add(new("gen_ai.input.messages", Messages.Input(facts.Prompt)));
            attributes.Add(new("gen_ai.output.messages", Messages.Output(facts.Answer)));
        }

        return new SpanText($"chat {facts.Model.Requested}", SpanKinds.Client, attributes);
    }

    /// <inheritdoc />
    public SpanText Tool(CallFacts facts) => new($"execute_tool {facts.ToolName}", SpanKinds.Internal,
    [
        new("gen_ai.operation.name", "execute_tool"),
        new("gen_ai.tool.name", facts.ToolName),
        new("gen_ai.tool.type", "function"),
        new("gen_ai.tool.call.id", $"{Slots.Unique}"),
        new("retries", 0L),
        new("shop.items", 3L),
        new("gen_ai.conversation.id", CallFacts.Session),
        new("shop.step", 3L),
        new("server.address", "orders"),
        new("server.port", 8443L),
        new("user.id", $"u-{Slots.Prompt}"),
        new("shop.region", "eu-1"),
    ]);
}
