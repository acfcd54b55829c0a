using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.OpenTelemetryGenAi;

public sealed class OpenTelemetryGenAiTests
{
    private readonly Emitter _python = new("opentelemetry.instrumentation.openai_v2", "2.1b0");

    [Fact]
    public void Generation_a_has_the_system_and_the_tokens_only() => Assert.Equal(
        new Facts
        {
            Convention = "otel_genai",
            Provider = "openai",
            Requested = "gpt-4o-mini",
            Answered = "gpt-4o-mini-2024-07-18",
            Operation = "chat",
            Usage = new TokenUsage { Input = 30, Output = 10 },
            Reading = "as_reported",
            Finish = "stop,length",
            ResponseId = "chatcmpl-1",
            Tier = "flex",
        },
        _python.Send(
            "chat gpt-4o-mini",
            ("gen_ai.operation.name", "chat"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o-mini"), ("gen_ai.response.model", "gpt-4o-mini-2024-07-18"),
            ("gen_ai.response.id", "chatcmpl-1"), ("gen_ai.response.finish_reasons", new[] { "stop", "length" }), ("gen_ai.usage.input_tokens", 30), ("gen_ai.usage.output_tokens", 10),
            ("gen_ai.openai.request.service_tier", "auto"), ("gen_ai.openai.response.service_tier", "flex"), ("server.address", "api.openai.com"), ("server.port", 443)));

    [Fact]
    public void Generation_b_has_the_provider_the_cache_and_the_prompt() => Assert.Equal(
        new Facts
        {
            Convention = "otel_genai",
            Provider = "anthropic",
            Requested = "claude-sonnet-4-5",
            Answered = "claude-sonnet-4-5-20250929",
            Operation = "chat",
            Stream = true,
            Usage = new TokenUsage { Input = 5000, CacheRead = 4000, CacheWrite = 500, Output = 900, Reasoning = 300 },
            Reading = "as_reported",
            Ttft = 412.5,
            TtftSource = "gen_ai.response.time_to_first_chunk",
            Finish = "end_turn",
            ResponseId = "msg_1",
            Session = "app-session",
            User = "u-7",
            Prompt = "support@",
            Agent = "Support",
        },
        new Emitter("opentelemetry.instrumentation.anthropic_v2").Send(
            "chat claude-sonnet-4-5",
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "anthropic"), ("gen_ai.request.model", "claude-sonnet-4-5"), ("gen_ai.response.model", "claude-sonnet-4-5-20250929"),
            ("gen_ai.response.id", "msg_1"), ("gen_ai.response.finish_reasons", new[] { "end_turn" }), ("gen_ai.request.stream", true), ("gen_ai.response.time_to_first_chunk", 0.4125),
            ("gen_ai.usage.input_tokens", 5000), ("gen_ai.usage.cache_read.input_tokens", 4000), ("gen_ai.usage.cache_creation.input_tokens", 500), ("gen_ai.usage.output_tokens", 900),
            ("gen_ai.usage.reasoning.output_tokens", 300), ("gen_ai.prompt.name", "support"), ("gen_ai.conversation.id", "conv-1"), ("session.id", "app-session"), ("user.id", "u-7"),
            ("gen_ai.agent.name", "Support")));

    [Fact]
    public void Generation_c_has_cache_writes_modalities_and_prompt_versions() => Assert.Equal(
        new Facts
        {
            Convention = "otel_genai",
            Provider = "gcp.vertex_ai",
            Requested = "gemini-2.5-pro",
            Operation = "generate_content",
            Usage = new TokenUsage { Input = 900, CacheRead = 100, CacheWrite = 50, AudioInput = 200, ImageInput = 300, Output = 70, AudioOutput = 20, ImageOutput = 10 },
            Reading = "as_reported",
            Finish = "stop",
            Session = "conv-1",
            User = "end-user",
            Prompt = "support@7",
            Workflow = "onboarding",
        },
        _python.Send(
            "generate_content gemini-2.5-pro",
            ("gen_ai.operation.name", "generate_content"), ("gen_ai.provider.name", "gcp.vertex_ai"), ("gen_ai.request.model", "gemini-2.5-pro"), ("gen_ai.response.finish_reasons", new[] { "stop" }),
            ("gen_ai.usage.input_tokens", 900), ("gen_ai.usage.cache_read.input_tokens", 100), ("gen_ai.usage.cache_write.input_tokens", 50), ("gen_ai.usage.audio.input_tokens", 200),
            ("gen_ai.usage.image.input_tokens", 300), ("gen_ai.usage.output_tokens", 70), ("gen_ai.usage.audio.output_tokens", 20), ("gen_ai.usage.image.output_tokens", 10),
            ("gen_ai.prompt.name", "support"), ("gen_ai.prompt.version", 7), ("gen_ai.conversation.id", "conv-1"), ("enduser.id", "end-user"), ("gen_ai.workflow.name", "onboarding")));

    [Theory]
    [InlineData("chat", "chat", Role.Call)]
    [InlineData("CHAT", "chat", Role.Call)]
    [InlineData("text_completion", "text_completion", Role.Call)]
    [InlineData("completion", "text_completion", Role.Call)]
    [InlineData("embeddings", "embeddings", Role.Call)]
    [InlineData("embedding", "embeddings", Role.Call)]
    [InlineData("rerank", "rerank", Role.Call)]
    [InlineData("responses", "chat", Role.Call)]
    [InlineData("realtime", "realtime", Role.Call)]
    [InlineData("invoke_agent", "invoke_agent", Role.Wrapper)]
    [InlineData("invoke_workflow", "invoke_workflow", Role.Wrapper)]
    [InlineData("agent_step", "agent_step", Role.Wrapper)]
    [InlineData("handle_conversation_turn", "handle_conversation_turn", Role.Wrapper)]
    [InlineData("plan", "plan", Role.Wrapper)]
    [InlineData("orchestrate_tools", "orchestrate_tools", Role.Wrapper)]
    [InlineData("create_agent", "create_agent", Role.Other)]
    [InlineData("execute_tool", "execute_tool", Role.Other)]
    [InlineData("retrieval", "retrieval", Role.Other)]
    [InlineData("fetch_response", "fetch_response", Role.Other)]
    [InlineData("search_memory", "search_memory", Role.Other)]
    [InlineData("converse_somehow", "converse_somehow", Role.Call)]
    public void The_operation_says_what_a_span_is_to_the_bill(string sent, string operation, Role role)
    {
        Facts facts = _python.Send("span", ("gen_ai.operation.name", sent), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 10));

        Assert.Equal((operation, role), (facts.Operation, facts.Role));
    }

    [Fact]
    public void An_unknown_operation_of_the_process_itself_may_be_a_sum() =>
        Assert.Equal(Role.Wrapper, new Emitter { Kind = Emitter.Internal }.Send("turn", ("gen_ai.operation.name", "my_turn"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 10)).Role);

    [Theory]
    [InlineData("chat gpt-4o", "chat", Role.Call)]
    [InlineData("invoke_agent Support", "invoke_agent", Role.Wrapper)]
    [InlineData("execute_tool search", "execute_tool", Role.Other)]
    [InlineData("orchestrate_tools", "orchestrate_tools", Role.Wrapper)]
    [InlineData("openai.create", "chat", Role.Call)]
    public void Without_an_operation_the_name_of_the_span_tells_it(string name, string operation, Role role)
    {
        Facts facts = _python.Send(name, ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 10));

        Assert.Equal((operation, role), (facts.Operation, facts.Role));
    }

    [Fact]
    public void Without_an_operation_a_model_that_embeds_makes_embeddings() =>
        Assert.Equal("embeddings", _python.Send("create", ("gen_ai.system", "openai"), ("gen_ai.request.model", "text-embedding-3-small"), ("gen_ai.usage.input_tokens", 10)).Operation);

    [Fact]
    public void A_clients_span_that_failed_before_there_was_usage_is_a_failed_call()
    {
        Facts facts = new Emitter { Change = Emitter.Throw("openai.RateLimitError") }.Send("openai.chat", ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"));

        Assert.Equal((Role.Call, "openai.RateLimitError", default), (facts.Role, facts.Error, facts.Usage));
    }

    [Fact]
    public void A_servers_view_is_a_servers_call() =>
        Assert.Equal(Role.ServerCall, new Emitter { Kind = Emitter.Server }.Send("chat", ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o")).Role);

    [Fact]
    public void Anthropics_platform_is_the_server_of_its_sdk_whatever_the_kind()
    {
        (string, object)[] attributes = [("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "anthropic"), ("gen_ai.request.model", "claude-sonnet-4-5")];

        Assert.Equal(Role.Call, new Emitter("com.anthropic.sdk.python").Send("chat", attributes).Role);
        Assert.Equal(Role.ServerCall, new Emitter("com.anthropic.claude-platform").Send("chat", attributes).Role);
    }

    [Fact]
    public void A_refused_request_is_an_error_of_its_status()
    {
        Facts facts = new Emitter { Change = Emitter.Fail }.Send("chat gpt-4o", ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"), ("error.type", "429"));

        Assert.Equal("429", facts.Error);
    }

    [Fact]
    public void A_tool_of_mcp_is_a_tool() => Assert.Equal(
        new Facts { Convention = "otel_genai", Role = Role.Other, Operation = "execute_tool", Tool = "search" },
        _python.Send("tools/call search", ("mcp.method.name", "tools/call"), ("gen_ai.tool.name", "search")));

    [Theory]
    [InlineData("[\"stop\"]", "stop")]
    [InlineData("[\"stop\",\"length\"]", "stop,length")]
    [InlineData("['stop', 'length']", "stop,length")]
    [InlineData("stop", "stop")]
    [InlineData("\"stop\"", "stop")]
    [InlineData("N/A", "")]
    [InlineData("[\"N/A\"]", "")]
    [InlineData("[]", "")]
    [InlineData("None", "")]
    [InlineData("STOP", "STOP")]
    public void A_finish_reason_is_read_in_every_shape(string sent, string expected) =>
        Assert.Equal(expected, _python.Send("chat", ("gen_ai.operation.name", "chat"), ("gen_ai.response.finish_reasons", sent)).Finish);

    [Fact]
    public void An_empty_list_of_finish_reasons_gives_way_to_the_message()
    {
        Facts facts = _python.Send(
            "chat",
            ("gen_ai.operation.name", "chat"), ("gen_ai.response.finish_reasons", Array.Empty<string>()),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"[1]","finish_reason":"no"}],"finish_reason":"tool_call"},{"role":"assistant","finish_reason":"stop"}]"""));

        Assert.Equal("tool_call,stop", facts.Finish);
    }

    [Fact]
    public void A_message_cut_at_a_limit_tells_the_reasons_before_the_cut() => Assert.Equal(
        "stop",
        _python.Send("chat", ("gen_ai.operation.name", "chat"), ("gen_ai.output.messages", """[{"role":"assistant","finish_reason":"stop","parts":[{"type":"text","content":"cut he""")).Finish);

    [Fact]
    public void Booleans_and_numbers_come_as_texts_too()
    {
        Facts facts = _python.Send(
            "chat",
            ("gen_ai.operation.name", "chat"), ("gen_ai.request.stream", "True"), ("gen_ai.usage.input_tokens", "12"), ("gen_ai.usage.output_tokens", "\"7\""), ("gen_ai.usage.cache_read.input_tokens", 3.0),
            ("gen_ai.response.time_to_first_chunk", "0.25"), ("gen_ai.usage.cost", "0.0125"), ("user.id", 42), ("session.id", 300L));

        Assert.Equal(new TokenUsage { Input = 12, Output = 7, CacheRead = 3 }, facts.Usage);
        Assert.Equal((true, 250, 0.0125m, "42", "300", ""), (facts.Stream, facts.Ttft, facts.Cost, facts.User, facts.Session, facts.Flags));
    }

    [Theory]
    [InlineData("None")]
    [InlineData("null")]
    public void A_printed_nothing_is_no_count_and_no_fault(string sent)
    {
        Facts facts = _python.Send("chat", ("gen_ai.operation.name", "chat"), ("gen_ai.usage.input_tokens", sent));

        Assert.Equal((default, ""), (facts.Usage, facts.Flags));
    }

    [Fact]
    public void A_servers_first_token_counts_only_where_the_answer_was_streamed()
    {
        Assert.Equal(300, _python.Send("chat", ("gen_ai.operation.name", "chat"), ("gen_ai.request.stream", true), ("gen_ai.server.time_to_first_token", 0.3)).Ttft);
        Assert.Null(_python.Send("chat", ("gen_ai.operation.name", "chat"), ("gen_ai.server.time_to_first_token", 0.3)).Ttft);
    }

    [Fact]
    public void The_names_of_strands_for_the_cache_are_known()
    {
        Facts facts = new Emitter("strands.telemetry.tracer").Send(
            "chat",
            ("gen_ai.operation.name", "chat"), ("gen_ai.system", "strands-agents"), ("gen_ai.request.model", "us.anthropic.claude-sonnet-4-20250514-v1:0"), ("gen_ai.usage.input_tokens", 100),
            ("gen_ai.usage.output_tokens", 50), ("gen_ai.usage.total_tokens", 180), ("gen_ai.usage.cache_read_input_tokens", 20), ("gen_ai.usage.cache_write_input_tokens", 10));

        Assert.Equal(new TokenUsage { Input = 130, CacheRead = 20, CacheWrite = 10, Output = 50 }, facts.Usage);
        Assert.Equal(("aws.bedrock", "cache_added", "provider_inferred"), (facts.Provider, facts.Reading, facts.Flags));
    }
}
