using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.Genkit;

public sealed class GenkitTests
{
    private readonly Emitter _genkit = new("genkit-tracer", "v1") { Kind = Emitter.Internal };

    [Fact]
    public void A_model_has_its_usage_in_the_recorded_output() => Assert.Equal(
        new Facts
        {
            Convention = "genkit",
            Provider = "gcp.gemini",
            Requested = "gemini-2.5-flash",
            Operation = "chat",
            Usage = new TokenUsage { Input = 42, CacheRead = 2, Output = 17, Reasoning = 5 },
            Reading = "as_reported",
            Finish = "stop",
            Session = "s-42",
        },
        _genkit.Send(
            "googleai/gemini-2.5-flash",
            ("genkit:type", "action"), ("genkit:metadata:subtype", "model"), ("genkit:name", "googleai/gemini-2.5-flash"), ("genkit:input", "{}"), ("genkit:sessionId", "s-42"), ("genkit:state", "success"),
            ("genkit:output", """{"message":{"role":"model","content":[{"text":"Hi"}]},"finishReason":"stop","usage":{"inputTokens":42,"outputTokens":17,"totalTokens":59,"thoughtsTokens":5,"cachedContentTokens":2},"latencyMs":900}""")));

    [Theory]
    [InlineData("action", "embedder", "embeddings", Role.Call)]
    [InlineData("action", "flow", "invoke_workflow", Role.Wrapper)]
    [InlineData("util", "", "", Role.Wrapper)]
    [InlineData("action", "tool.v2", "execute_tool", Role.Other)]
    [InlineData("action", "retriever", "", Role.Other)]
    public void The_subtype_says_what_an_action_is_to_the_bill(string type, string subtype, string operation, Role role)
    {
        Facts facts = _genkit.Send("x", ("genkit:type", type), ("genkit:metadata:subtype", subtype), ("genkit:name", "x"));

        Assert.Equal((operation, role), (facts.Operation, facts.Role));
    }

    [Fact]
    public void A_state_of_error_is_an_error() => Assert.Equal("_OTHER", _genkit.Send("x", ("genkit:metadata:subtype", "model"), ("genkit:name", "openai/gpt-4o"), ("genkit:state", "error")).Error);
}
