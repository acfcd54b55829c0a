using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.LiveKit;

public sealed class LiveKitTests
{
    private readonly Emitter _agents = new("livekit-agents", "1.4") { Kind = Emitter.Internal };

    [Fact]
    public void A_request_has_its_numbers_in_attributes_and_recorded_metrics() => Assert.Equal(
        new Facts
        {
            Convention = "livekit",
            Provider = "openai",
            Requested = "gpt-4o-mini",
            Operation = "chat",
            Stream = true,
            Usage = new TokenUsage { Input = 12, CacheRead = 2, Output = 4 },
            Reading = "as_reported",
            Ttft = 350,
            TtftSource = "lk.llm_metrics ttft",
            ResponseId = "chatcmpl-1",
            Flags = "provider_inferred",
        },
        _agents.Send(
            "llm_request",
            ("gen_ai.request.model", "gpt-4o-mini"), ("gen_ai.usage.input_tokens", 12), ("gen_ai.usage.output_tokens", 4),
            ("lk.llm_metrics", """{"label":"openai","request_id":"chatcmpl-1","ttft":0.35,"prompt_tokens":12,"completion_tokens":4,"prompt_cached_tokens":2,"total_tokens":16}""")));

    [Theory]
    [InlineData("llm_node", Role.Wrapper)]
    [InlineData("llm_request_run", Role.Wrapper)]
    [InlineData("llm_fallback_adapter", Role.Wrapper)]
    [InlineData("agent_turn", Role.Wrapper)]
    [InlineData("llm_request", Role.Call)]
    [InlineData("tts_request", Role.Other)]
    public void Only_the_request_is_a_call(string name, Role role) => Assert.Equal(role, _agents.Send(name, ("lk.retry_count", 0)).Role);

    [Fact]
    public void A_tool_has_its_name_and_call()
    {
        Facts facts = _agents.Send("function_tool", ("lk.function_tool.name", "search"), ("lk.function_tool.id", "call_1"));

        Assert.Equal((Role.Other, "search", "call_1"), (facts.Role, facts.Tool, facts.ToolCallId));
    }
}
