using Telemetry.Contracts.Spans;
using Telemetry.Otlp;
using Telemetry.Processor.Tests.Stages;

namespace Telemetry.Processor.Tests.Dialects.Mixed;

/// <summary>Spans that two instrumentations have written on, and attributes that mean something elsewhere.</summary>
public sealed class TwoDialectsTests
{
    private static readonly (string, object)[] Chat =
    [
        ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40),
    ];

    private static readonly Facts Expected = new()
    {
        Convention = "otel_genai",
        Provider = "openai",
        Requested = "gpt-4o",
        Operation = "chat",
        Usage = new TokenUsage { Input = 100, Output = 40 },
        Reading = "as_reported",
    };

    private readonly Emitter _plain = new("app");

    public static TheoryData<string> ForeignKeys { get; } =
    [
        "model", "success", "metadata", "events", "request_id", "stop_reason", "input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens", "cost_usd", "status_code", "ttft_ms", "model_name",
        "agent_name", "tool_name", "time_to_first_token_ms", "prompt.id", "input.value", "output.value", "output.mime_type", "langfuse.environment", "langfuse.release", "langfuse.trace.name", "traceloop.entity.path",
        "llm.vendor_other", "finish_reason", "exception.type", "langsmith.trace.session_id", "llm.invocation_parameters", "gen_ai.request.id", "gen_ai.latency.other", "metadata.user_api_key_user_id",
        "gen_ai.client.token.usage", "gen_ai.server.time_to_first_token",
    ];

    [Theory]
    [MemberData(nameof(ForeignKeys))]
    public void What_another_dialect_reads_changes_nothing_here(string key)
    {
        Assert.Equal(Expected, _plain.Send("chat gpt-4o", [.. Chat, (key, "7")]));
        Assert.Equal(Expected, _plain.Send("chat gpt-4o", [.. Chat, (key, 0.5)]));
        Assert.Equal(Expected, _plain.Send("chat gpt-4o", [.. Chat, (key, false)]));
    }

    [Theory]
    [MemberData(nameof(ForeignKeys))]
    public void Nor_does_it_make_a_call_of_a_span_that_is_none(string key)
    {
        Span span = StageRun.Chat((key, "7"), ("http.method", "GET"));
        span.Name = "GET /";

        Assert.Equal(new Facts { Role = Role.Other }, Facts.Of(_plain.Run(span)));
    }

    [Fact]
    public void Properties_that_traceloop_hangs_on_every_span_are_read_and_make_nothing_its_own() => Assert.Equal(
        Expected with { Session = "s-42", User = "u-7", Workflow = "flow" },
        new Emitter("opentelemetry.instrumentation.openai_v2").Send(
            "chat gpt-4o", [.. Chat, ("traceloop.workflow.name", "flow"), ("traceloop.association.properties.session_id", "s-42"), ("traceloop.association.properties.user_id", "u-7")]));

    [Fact]
    public void What_langfuse_hangs_on_every_span_is_read_and_makes_nothing_an_observation() => Assert.Equal(
        Expected with { Session = "s-42", User = "u-7", Labels = "beta", Prompt = "support@3" },
        _plain.Send(
            "chat gpt-4o",
            [.. Chat, ("langfuse.environment", "prod"), ("langfuse.session.id", "s-42"), ("langfuse.user.id", "u-7"), ("langfuse.trace.tags", new[] { "beta" }), ("langfuse.observation.prompt.name", "support"), ("langfuse.observation.prompt.version", 3)]));

    [Fact]
    public void An_update_of_the_current_span_as_a_plain_observation_leaves_the_call_a_call()
    {
        Assert.Equal(Expected, _plain.Send("chat gpt-4o", [.. Chat, ("langfuse.observation.type", "span"), ("langfuse.observation.status_message", "x")]));
        Facts vercels = _plain.Send("ai.generateText.doGenerate", ("ai.operationId", "ai.generateText.doGenerate"), ("langfuse.observation.type", "span"));
        Assert.Equal((Role.Call, "vercel_ai"), (vercels.Role, vercels.Convention));
    }

    [Fact]
    public void A_langfuse_generation_over_the_plain_names_reads_both() => Assert.Equal(
        Expected with { Convention = "langfuse", Requested = "gpt-4o-mini", Cost = 0.5m },
        _plain.Send("generation", [.. Chat, ("langfuse.observation.type", "generation"), ("langfuse.observation.model.name", "gpt-4o-mini"), ("langfuse.observation.cost_details", """{"total":0.5}""")]));

    [Theory]
    [InlineData("ai.streamText.doStream", "LLM", Role.Call)]
    [InlineData("ai.streamText", "AGENT", Role.Wrapper)]
    [InlineData("ai.streamText", "LLM", Role.Wrapper)]
    [InlineData("ai.toolCall", "TOOL", Role.Other)]
    public void Vercels_spans_with_a_kind_of_openinference_are_vercels(string id, string kind, Role role)
    {
        Facts facts = new Emitter("my-tracer").Send(
            id, ("ai.operationId", id), ("openinference.span.kind", kind), ("ai.model.id", "gpt-4o"), ("ai.model.provider", "openai.chat"), ("llm.model_name", "gpt-4o"), ("llm.token_count.prompt", 100),
            ("ai.usage.inputTokens", 100), ("metadata", """{"ai.response.msToFirstChunk":5}"""));

        Assert.Equal(("vercel_ai", role, "openai", 100L), (facts.Convention, facts.Role, facts.Provider, facts.Usage.Input));
    }

    [Theory]
    [InlineData("invoke_agent", "LLM", "invoke_agent", Role.Wrapper)]
    [InlineData("generate_content", "LLM", "generate_content", Role.Call)]
    [InlineData("chat", "AGENT", "invoke_agent", Role.Wrapper)]
    [InlineData("chat", "UNKNOWN", "chat", Role.Call)]
    public void Openinferences_kind_over_the_plain_names_is_no_call_where_either_says_so(string operation, string kind, string expected, Role role)
    {
        Facts facts = _plain.Send("x", [.. Chat.Skip(1), ("gen_ai.operation.name", operation), ("openinference.span.kind", kind)]);

        Assert.Equal((expected, role), (facts.Operation, facts.Role));
    }

    [Fact]
    public void Openinference_over_pydantic_is_pydantics() => Assert.Equal(
        Expected with { Convention = "pydantic_ai" },
        new Emitter("pydantic-ai").Send("chat gpt-4o", [.. Chat, ("openinference.span.kind", "LLM"), ("llm.token_count.prompt", 100), ("llm.model_name", "gpt-4o")]));

    [Fact]
    public void Logfires_marks_on_openinferences_spans_leave_them_so()
    {
        Facts facts = _plain.Send(
            "chain", ("logfire.span_type", "span"), ("logfire.msg", "chain"), ("openinference.span.kind", "CHAIN"), ("llm.model_name", "gpt-4o"), ("llm.token_count.prompt", 10));

        Assert.Equal(("openinference", Role.Wrapper), (facts.Convention, facts.Role));
    }

    [Fact]
    public void A_langfuse_observation_that_litellm_hung_its_call_on_is_litellms_call()
    {
        Facts facts = new Emitter("langfuse-sdk").Send(
            "answer",
            ("langfuse.observation.type", "span"), ("hidden_params", "{}"), ("llm.request.type", "completion"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.system", "openai"),
            ("gen_ai.usage.input_tokens", 1));

        Assert.Equal(("litellm", Role.Call), (facts.Convention, facts.Role));
    }

    [Fact]
    public void Of_two_names_of_one_field_the_conventions_own_wins()
    {
        Facts facts = _plain.Send(
            "chat gpt-4o", [.. Chat, ("llm.token_count.prompt", 1), ("llm.usage.prompt_tokens", 2), ("ai.usage.promptTokens", 3), ("llm.request.model", "other"), ("llm.cost.total", 9.0), ("gen_ai.usage.cost", 0.5)]);

        Assert.Equal(Expected with { Cost = 0.5m }, facts);
    }
}
