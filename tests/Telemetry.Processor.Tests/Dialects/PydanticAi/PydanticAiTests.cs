using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.PydanticAi;

public sealed class PydanticAiTests
{
    private readonly Emitter _agent = new("pydantic-ai", "2.33.0");

    [Fact]
    public void A_chat_has_both_generations_of_names_and_a_price() => Assert.Equal(
        new Facts
        {
            Convention = "pydantic_ai",
            Provider = "anthropic",
            Requested = "claude-sonnet-4-5",
            Answered = "claude-sonnet-4-5-20250929",
            Operation = "chat",
            Stream = true,
            Usage = new TokenUsage { Input = 2255, CacheRead = 512, CacheWrite = 1733, Output = 40, Reasoning = 8 },
            Reading = "as_reported",
            Ttft = 321,
            TtftSource = "gen_ai.client.operation.time_to_first_chunk",
            Finish = "stop",
            ResponseId = "msg_1",
            Session = "conv-1",
            Agent = "my_agent",
            Cost = 0.0125m,
        },
        _agent.Send(
            "chat claude-sonnet-4-5",
            ("gen_ai.operation.name", "chat"), ("gen_ai.system", "anthropic"), ("gen_ai.provider.name", "anthropic"), ("gen_ai.request.model", "claude-sonnet-4-5"),
            ("gen_ai.response.model", "claude-sonnet-4-5-20250929"), ("gen_ai.response.id", "msg_1"), ("gen_ai.response.finish_reasons", new[] { "stop" }), ("gen_ai.usage.input_tokens", 2255),
            ("gen_ai.usage.output_tokens", 40), ("gen_ai.usage.cache_read.input_tokens", 512), ("gen_ai.usage.cache_creation.input_tokens", 1733), ("gen_ai.usage.details.input_tokens", 10),
            ("gen_ai.usage.details.reasoning_tokens", 8), ("operation.cost", 0.0125), ("gen_ai.client.operation.time_to_first_chunk", 0.321), ("gen_ai.agent.name", "my_agent"),
            ("gen_ai.agent.call.id", "c"), ("gen_ai.conversation.id", "conv-1"), ("model_request_parameters", "{}"), ("logfire.json_schema", "{}"), ("logfire.msg", "chat claude-sonnet-4-5"),
            ("server.address", "api.anthropic.com")));

    [Fact]
    public void Details_alone_tell_the_parts_in_older_formats() => Assert.Equal(
        new TokenUsage { Input = 100, CacheRead = 60, CacheWrite = 5, Output = 40, Reasoning = 8 },
        _agent.Send(
            "chat gpt-4o",
            ("gen_ai.operation.name", "chat"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40),
            ("gen_ai.usage.details.cached_tokens", 60), ("gen_ai.usage.details.cache_creation_input_tokens", 5), ("gen_ai.usage.details.reasoning_tokens", 8), ("events", "[]")).Usage);

    [Fact]
    public void Version_2_calls_an_agent_a_run_and_repeats_the_usage() => Assert.Equal(
        new Facts
        {
            Convention = "pydantic_ai",
            Role = Role.Wrapper,
            Requested = "gpt-4o",
            Operation = "invoke_agent",
            Usage = new TokenUsage { Input = 103, Output = 12 },
            Reading = "as_reported",
            Agent = "my_agent",
        },
        new Emitter("hidden") { Kind = Emitter.Internal }.Send(
            "agent run", ("model_name", "gpt-4o"), ("agent_name", "my_agent"), ("logfire.msg", "my_agent run"), ("gen_ai.usage.input_tokens", 103), ("gen_ai.usage.output_tokens", 12), ("all_messages_events", "[]")));

    [Fact]
    public void Newer_agents_call_the_sum_aggregated() => Assert.Equal(
        new Facts
        {
            Convention = "pydantic_ai",
            Role = Role.Wrapper,
            Requested = "gpt-4o",
            Operation = "invoke_agent",
            Usage = new TokenUsage { Input = 103, Output = 12 },
            Reading = "as_reported",
            Session = "conv-1",
            Agent = "my_agent",
        },
        new Emitter("pydantic-ai") { Kind = Emitter.Internal }.Send(
            "invoke_agent my_agent",
            ("gen_ai.operation.name", "invoke_agent"), ("model_name", "gpt-4o"), ("agent_name", "my_agent"), ("gen_ai.agent.name", "my_agent"), ("gen_ai.conversation.id", "conv-1"),
            ("gen_ai.aggregated_usage.input_tokens", 103), ("gen_ai.aggregated_usage.output_tokens", 12), ("pydantic_ai.all_messages", "[]"), ("logfire.span_type", "span")));

    [Theory]
    [InlineData("running tool")]
    [InlineData("running tool: search")]
    [InlineData("running 2 tools")]
    public void Version_2_runs_tools(string name)
    {
        Facts facts = _agent.Send(name, ("gen_ai.tool.name", "search"), ("gen_ai.tool.call.id", "call_1"), ("logfire.msg", name));

        Assert.Equal((Role.Other, "execute_tool", "search", "call_1"), (facts.Role, facts.Operation, facts.Tool, facts.ToolCallId));
    }

    [Theory]
    [InlineData("pydantic-ai")]
    [InlineData("openinference.instrumentation.openai")]
    public void A_pending_span_announces_and_is_no_call(string scope)
    {
        Facts facts = new Emitter(scope).Send(
            "chat gpt-4o", ("logfire.span_type", "pending_span"), ("openinference.span.kind", "LLM"), ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 1));

        Assert.Equal((Role.Other, "pending"), (facts.Role, facts.Operation));
    }

    [Fact]
    public void Logfires_log_of_a_streams_end_is_no_second_call() => Assert.Equal(
        Role.Other, new Emitter("logfire.openai").Send("streaming response", ("logfire.span_type", "log"), ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o")).Role);

    [Fact]
    public void Logfires_own_instrumentation_makes_a_call()
    {
        Facts facts = new Emitter("logfire.openai").Send(
            "Chat Completion with {request_data[model]!r}",
            ("logfire.span_type", "span"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.response.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 9),
            ("gen_ai.usage.output_tokens", 3));

        Assert.Equal((Role.Call, "chat", new TokenUsage { Input = 9, Output = 3 }), (facts.Role, facts.Operation, facts.Usage));
    }

    [Fact]
    public void A_web_request_under_logfire_is_nothing_to_the_bill() =>
        Assert.Equal(Role.Other, new Emitter("logfire").Send("GET /", ("logfire.msg", "GET /"), ("http.method", "GET")).Role);
}
