using System.Globalization;

namespace Telemetry.LoadGenerator.Payload.Dialects;

/// <summary>OpenInference as Arize's instrumentation of OpenAI writes it: with content, the prompt stands there twice.</summary>
internal sealed class OpenInference : IDialect
{
    /// <inheritdoc />
    public string ScopeName => "openinference.instrumentation.openai";

    /// <inheritdoc />
    public string ScopeVersion => "0.1.30";

    /// <inheritdoc />
    public SpanText Agent(CallFacts facts, int calls) => new("support", SpanKinds.Internal,
    [
        new("openinference.span.kind", "AGENT"),
        new("agent.name", "support"),
        new("session.id", CallFacts.Session),
        new("user.id", $"user-{Slots.Prompt}"),
        new("prompt.id", CallFacts.PromptName),
        new("llm.token_count.prompt", calls * CallFacts.InputTokensOfAgent),
        new("llm.token_count.completion", calls * CallFacts.OutputTokensOfAgent),
        new("input.mime_type", "text/plain"),
        new("output.mime_type", "text/plain"),
    ]);

    /// <inheritdoc />
    public SpanText Call(CallFacts facts)
    {
        var attributes = new List<SpanAttribute>
        {
            new("openinference.span.kind", "LLM"),
            new("llm.system", facts.Model.Provider),
            new("llm.provider", facts.Model.Provider),
            new("llm.model_name", facts.Model.Answered),
            new("llm.invocation_parameters", $$"""{"model":"{{facts.Model.Requested}}","temperature":0.2,"max_tokens":1000}"""),
            new("llm.token_count.prompt", Slots.InputTokens),
            new("llm.token_count.completion", Slots.OutputTokens),
            new("llm.token_count.prompt_details.cache_read", 0L),
            new("llm.token_count.completion_details.reasoning", 0L),
            new("llm.finish_reason", "stop"),
            new("session.id", CallFacts.Session),
            new("prompt.id", CallFacts.PromptName),
        };
        if (facts.HasContent)
        {
            attributes.Add(new("input.value", Messages.Request(facts.Model.Requested, facts.Prompt)));
            attributes.Add(new("input.mime_type", "application/json"));
            attributes.Add(new("output.value", Messages.Response(facts)));
            attributes.Add(new("output.mime_type", "application/json"));
            int index = 0;
            foreach ((string role, string content) in Messages.Flat(facts.Prompt))
            {
                string message = string.Create(CultureInfo.InvariantCulture, $"llm.input_messages.{index++}.message");
                attributes.Add(new($"{message}.role", role));
                attributes.Add(new($"{message}.content", content));
            }

            attributes.Add(new("llm.output_messages.0.message.role", "assistant"));
            attributes.Add(new("llm.output_messages.0.message.content", facts.Answer));
        }

        return new SpanText("ChatCompletion", SpanKinds.Internal, attributes);
    }

    /// <inheritdoc />
    public SpanText Tool(CallFacts facts) => new(facts.ToolName, SpanKinds.Internal,
    [
        new("openinference.span.kind", "TOOL"),
        new("tool.name", facts.ToolName),
        new("tool.id", $"call_{Slots.Unique}"),
        new("tool.description", "Looks up an order of the shop, with its items, its payments and where its parcels are"),
        new("tool.parameters", """{"order":{"type":"string"},"with_items":{"type":"boolean"}}"""),
        new("session.id", CallFacts.Session),
        new("user.id", $"user-{Slots.Prompt}"),
        new("prompt.id", CallFacts.PromptName),
    ]);
}
