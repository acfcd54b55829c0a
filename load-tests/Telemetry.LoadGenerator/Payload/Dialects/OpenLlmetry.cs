namespace Telemetry.LoadGenerator.Payload.Dialects;

/// <summary>OpenLLMetry as its Python packages write it, with Traceloop's own workflow and tool spans.</summary>
internal sealed class OpenLlmetry : IDialect
{
    /// <inheritdoc />
    public string ScopeName => "opentelemetry.instrumentation.openai.v1";

    /// <inheritdoc />
    public string ScopeVersion => "0.47.3";

    /// <inheritdoc />
    public SpanText Agent(CallFacts facts, int calls) => new("support.agent", SpanKinds.Internal,
    [
        .. Entity(facts, "agent", "support"),
        new("gen_ai.usage.input_tokens", calls * CallFacts.InputTokensOfAgent),
        new("gen_ai.usage.output_tokens", calls * CallFacts.OutputTokensOfAgent),
    ]);

    /// <inheritdoc />
    public SpanText Call(CallFacts facts)
    {
        var attributes = new List<SpanAttribute>
        {
            new("llm.request.type", "chat"),
            new("gen_ai.operation.name", "chat"),
            new("gen_ai.provider.name", facts.Model.Provider),
            new("gen_ai.request.model", facts.Model.Requested),
            new("gen_ai.response.model", facts.Model.Answered),
            new("gen_ai.response.id", CallFacts.ResponseId),
            new("gen_ai.response.finish_reasons", CallFacts.FinishReasons),
            new("gen_ai.usage.input_tokens", Slots.InputTokens),
            new("gen_ai.usage.output_tokens", Slots.OutputTokens),
            new("llm.is_streaming", false),
            new("traceloop.workflow.name", "support"),
            new("traceloop.association.properties.session_id", CallFacts.Session),
            new("traceloop.prompt.key", CallFacts.PromptName),
        };
        if (facts.HasContent)
        {
            attributes.Add(new("gen_ai.input.messages", Messages.Input(facts.Prompt)));
            attributes.Add(new("gen_ai.output.messages", Messages.Output(facts.Answer)));
        }

        return new SpanText("openai.chat", SpanKinds.Client, attributes);
    }

    /// <inheritdoc />
    public SpanText Tool(CallFacts facts) => new($"{facts.ToolName}.tool", SpanKinds.Internal, Entity(facts, "tool", facts.ToolName));

    private static SpanAttribute[] Entity(CallFacts facts, string kind, string name) =>
    [
        new("traceloop.span.kind", kind),
        new("traceloop.entity.name", name),
        new("traceloop.entity.path", "support"),
        new("traceloop.entity.version", 1L),
        new("traceloop.workflow.name", "support"),
        new("traceloop.association.properties.session_id", CallFacts.Session),
        new("traceloop.prompt.key", CallFacts.PromptName),
        new("traceloop.association.properties.user_id", $"user-{Slots.Prompt}"),
    ];
}
