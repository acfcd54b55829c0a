using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.ClaudeCode;

public sealed class ClaudeCodeTests
{
    private readonly Emitter _claude = new("com.anthropic.claude_code.tracing", "2.1.266") { Kind = Emitter.Internal };

    [Fact]
    public void A_request_has_names_without_a_namespace_and_the_cache_beside_the_input() => Assert.Equal(
        new Facts
        {
            Convention = "claude_code",
            Provider = "anthropic",
            Requested = "claude-opus-5",
            Operation = "chat",
            Stream = true,
            Usage = new TokenUsage { Input = 91660, CacheRead = 84562, CacheWrite = 7096, Output = 1200 },
            Reading = "cache_added",
            Ttft = 812.5,
            TtftSource = "ttft_ms",
            Finish = "tool_use",
            ResponseId = "req_1",
            Session = "s-42",
            User = "u-7",
            Cost = 0.0125m,
        },
        _claude.Send(
            "claude_code.llm_request",
            ("span.type", "llm_request"), ("model", "claude-opus-5"), ("gen_ai.system", "anthropic"), ("gen_ai.request.model", "claude-opus-5"), ("input_tokens", 2), ("output_tokens", 1200),
            ("cache_read_tokens", 84562), ("cache_creation_tokens", 7096), ("ttft_ms", 812.5), ("duration_ms", 1000), ("success", true), ("stop_reason", "tool_use"), ("attempt", 1), ("request_id", "req_1"),
            ("session.id", "s-42"), ("user.id", "u-7"), ("cost_usd", 0.0125), ("status_code", 200)));

    [Fact]
    public void A_cache_that_is_smaller_than_the_input_is_beside_it_too() => Assert.Equal(
        new TokenUsage { Input = 1100, CacheRead = 100, CacheWrite = 0, Output = 5 },
        new Emitter("hidden").Send(
            "claude_code.llm_request", ("model", "claude-opus-5"), ("input_tokens", "1000"), ("output_tokens", "5"), ("cache_read_tokens", "100"), ("cache_creation_tokens", "0")).Usage);

    [Theory]
    [InlineData(false)]
    [InlineData("false")]
    public void A_failed_request_has_its_status(object success)
    {
        Facts facts = _claude.Send("claude_code.llm_request", ("model", "claude-opus-5"), ("success", success), ("error", "overloaded"), ("status_code", 529));

        Assert.Equal(("529", Role.Call), (facts.Error, facts.Role));
    }

    [Theory]
    [InlineData("claude_code.interaction", "invoke_agent", Role.Wrapper)]
    [InlineData("claude_code.tool", "execute_tool", Role.Other)]
    [InlineData("claude_code.tool.execution", "execute_tool", Role.Other)]
    [InlineData("claude_code.tool.blocked_on_user", "execute_tool", Role.Other)]
    [InlineData("claude_code.hook", "", Role.Other)]
    public void The_rest_stands_around(string name, string operation, Role role)
    {
        Facts facts = _claude.Send(name, ("tool_name", "Bash"), ("tool_use_id", "toolu_1"), ("success", true));

        Assert.Equal((operation, role, operation == "execute_tool" ? "Bash/toolu_1" : "/"), (facts.Operation, facts.Role, $"{facts.Tool}/{facts.ToolCallId}"));
    }
}
