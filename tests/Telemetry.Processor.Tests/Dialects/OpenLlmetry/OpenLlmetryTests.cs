using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.OpenLlmetry;

public sealed class OpenLlmetryTests
{
    [Fact]
    public void The_old_names_make_a_call() => Assert.Equal(
        new Facts
        {
            Convention = "openllmetry",
            Provider = "openai",
            Requested = "gpt-4o",
            Answered = "gpt-4o-2024-08-06",
            Operation = "chat",
            Stream = true,
            Usage = new TokenUsage { Input = 100, CacheRead = 60, Output = 40, Reasoning = 8 },
            Reading = "as_reported",
            Ttft = 120,
            TtftSource = "event llm.content.completion.chunk",
            Finish = "stop,length",
            ResponseId = "chatcmpl-1",
            Session = "s-42",
            User = "u-7",
            Prompt = "support@3",
            Workflow = "handle-ticket",
        },
        new Emitter("opentelemetry.instrumentation.openai.v1", "0.33.0")
        {
            Change = span =>
            {
                Emitter.Event("llm.content.completion.chunk", 300)(span);
                Emitter.Event("llm.content.completion.chunk", 120)(span);
            },
        }.Send(
            "openai.chat",
            ("llm.request.type", "chat"), ("gen_ai.system", "OpenAI"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.response.model", "gpt-4o-2024-08-06"), ("gen_ai.response.id", "chatcmpl-1"),
            ("llm.is_streaming", true), ("gen_ai.prompt.0.role", "user"), ("gen_ai.prompt.0.content", "Hi"), ("gen_ai.completion.0.finish_reason", "stop"), ("gen_ai.completion.1.finish_reason", "length"),
            ("gen_ai.usage.prompt_tokens", 100), ("gen_ai.usage.completion_tokens", 40), ("llm.usage.total_tokens", 140), ("gen_ai.usage.cache_read_input_tokens", 60), ("llm.usage.reasoning_tokens", 8),
            ("traceloop.workflow.name", "handle-ticket"), ("traceloop.association.properties.session_id", "s-42"), ("traceloop.association.properties.user_id", "u-7"),
            ("traceloop.prompt.key", "support"), ("traceloop.prompt.version", 3), ("traceloop.prompt.version_name", "third")));

    [Fact]
    public void The_new_names_make_the_same() => Assert.Equal(
        new Facts
        {
            Convention = "openllmetry",
            Provider = "anthropic",
            Requested = "claude-sonnet-4-5",
            Answered = "claude-sonnet-4-5-20250929",
            Operation = "chat",
            Stream = true,
            Usage = new TokenUsage { Input = 900, CacheRead = 500, CacheWrite = 300, Output = 40 },
            Reading = "as_reported",
            Ttft = 90,
            TtftSource = "event gen_ai.content.completion.chunk",
            Finish = "end_turn",
            Session = "c-9",
            User = "who",
        },
        new Emitter("opentelemetry.instrumentation.anthropic", "0.62.1") { Change = Emitter.Event("gen_ai.content.completion.chunk", 90) }.Send(
            "anthropic.chat",
            ("gen_ai.provider.name", "anthropic"), ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "claude-sonnet-4-5"), ("gen_ai.response.model", "claude-sonnet-4-5-20250929"),
            ("gen_ai.is_streaming", true), ("gen_ai.usage.input_tokens", 900), ("gen_ai.usage.output_tokens", 40), ("gen_ai.usage.total_tokens", 940), ("gen_ai.usage.cache_read.input_tokens", 500),
            ("gen_ai.usage.cache_creation.input_tokens", 300), ("gen_ai.response.stop_reason", "end_turn"), ("gen_ai.user", "who"), ("traceloop.association.properties.chat_id", "c-9")));

    [Theory]
    [InlineData("opentelemetry.instrumentation.bedrock", 1600)]
    [InlineData("@traceloop/instrumentation-bedrock", 1000)]
    public void Bedrocks_python_package_leaves_the_cache_out(string scope, long input)
    {
        Facts facts = new Emitter(scope).Send(
            "bedrock.converse",
            ("gen_ai.provider.name", "aws.bedrock"), ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "anthropic.claude-3-5-sonnet-20241022-v2:0"), ("gen_ai.usage.input_tokens", 1000),
            ("gen_ai.usage.output_tokens", 10), ("gen_ai.usage.cache_read.input_tokens", 400), ("gen_ai.usage.cache_creation.input_tokens", 200));

        Assert.Equal(("openllmetry", "aws.bedrock", input), (facts.Convention, facts.Provider, facts.Usage.Input));
    }

    [Theory]
    [InlineData(30, 70L, 30L)]
    [InlineData(null, 70L, 30L)]
    public void Geminis_thoughts_stand_beside_the_candidates_or_in_the_total_alone(int? reasoning, long output, long thought)
    {
        (string, object)[] attributes =
        [
            ("gen_ai.provider.name", "gcp.gen_ai"), ("gen_ai.operation.name", "generate_content"), ("gen_ai.request.model", "gemini-2.5-flash"), ("gen_ai.usage.input_tokens", 100),
            ("gen_ai.usage.output_tokens", 40), ("gen_ai.usage.total_tokens", 170), .. reasoning is { } count ? [("gen_ai.usage.reasoning_tokens", (object)count)] : Array.Empty<(string, object)>(),
        ];

        Facts facts = new Emitter("opentelemetry.instrumentation.google_generativeai").Send("gemini.generate_content", attributes);

        Assert.Equal((new TokenUsage { Input = 100, Output = output, Reasoning = thought }, "reasoning_added"), (facts.Usage, facts.Reading));
    }

    [Fact]
    public void Cohere_still_speaks_the_old_names()
    {
        Facts facts = new Emitter("opentelemetry.instrumentation.cohere").Send(
            "cohere.rerank", ("gen_ai.system", "Cohere"), ("llm.request.type", "rerank"), ("gen_ai.request.model", "rerank-v3.5"), ("gen_ai.usage.prompt_tokens", 7), ("gen_ai.usage.completion_tokens", 3));

        Assert.Equal(("cohere", "rerank", new TokenUsage { Input = 7, Output = 3 }), (facts.Provider, facts.Operation, facts.Usage));
    }

    [Theory]
    [InlineData("completion", "text_completion")]
    [InlineData("embedding", "embeddings")]
    [InlineData("chat", "chat")]
    [InlineData("unknown", "chat")]
    public void The_type_of_request_is_the_operation(string type, string operation)
    {
        Facts facts = new Emitter("opentelemetry.instrumentation.openai").Send("openai", ("llm.request.type", type), ("gen_ai.system", "OpenAI"), ("gen_ai.request.model", "gpt-4o"));

        Assert.Equal((operation, Role.Call), (facts.Operation, facts.Role));
    }

    [Theory]
    [InlineData("workflow", "invoke_workflow", Role.Wrapper, "", "")]
    [InlineData("task", "task", Role.Wrapper, "", "")]
    [InlineData("agent", "invoke_agent", Role.Wrapper, "thing", "")]
    [InlineData("tool", "execute_tool", Role.Other, "", "thing")]
    public void Entities_are_never_calls(string kind, string operation, Role role, string agent, string tool)
    {
        Facts facts = new Emitter("opentelemetry.instrumentation.langchain") { Kind = Emitter.Internal }.Send(
            "thing.task", ("traceloop.span.kind", kind), ("traceloop.entity.name", "thing"), ("traceloop.workflow.name", "flow"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 10));

        Assert.Equal((operation, role, agent, tool, "flow"), (facts.Operation, facts.Role, facts.Agent, facts.Tool, facts.Workflow));
    }

    [Fact]
    public void A_kind_that_is_unknown_hides_no_call() => Assert.Equal(
        Role.Call,
        new Emitter("@traceloop/instrumentation-openai").Send(
            "openai.chat", ("traceloop.span.kind", "unknown"), ("llm.request.type", "chat"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.prompt_tokens", 1)).Role);

    [Fact]
    public void Helicones_properties_arrive_as_association()
    {
        Facts facts = new Emitter("@traceloop/instrumentation-openai").Send(
            "openai.chat",
            ("gen_ai.system", "OpenAI"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.prompt_tokens", 1), ("traceloop.association.properties.Helicone-Session-Id", "s"),
            ("traceloop.association.properties.Helicone-User-Id", "u"));

        Assert.Equal(("s", "u"), (facts.Session, facts.User));
    }
}
