using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.GoogleAdk;

public sealed class GoogleAdkTests
{
    private readonly Emitter _adk = new("gcp.vertex.agent", "1.20.0") { Kind = Emitter.Internal };

    [Fact]
    public void A_call_has_the_candidates_as_output_and_the_thoughts_in_the_recorded_answer() => Assert.Equal(
        new Facts
        {
            Convention = "google_adk",
            Provider = "gcp.gen_ai",
            Requested = "gemini-2.5-flash",
            Answered = "gemini-2.5-flash-001",
            Operation = "generate_content",
            Usage = new TokenUsage { Input = 100, CacheRead = 20, Output = 70, Reasoning = 30 },
            Reading = "reasoning_added",
            Finish = "stop",
            Session = "s-42",
        },
        _adk.Send(
            "call_llm",
            ("gen_ai.system", "gcp.vertex.agent"), ("gen_ai.request.model", "gemini-2.5-flash"), ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40),
            ("gen_ai.response.finish_reasons", new[] { "stop" }), ("gcp.vertex.agent.invocation_id", "i"), ("gcp.vertex.agent.session_id", "s-42"), ("gcp.vertex.agent.event_id", "e"),
            ("gcp.vertex.agent.llm_request", """{"model":"gemini-2.5-flash","contents":[]}"""),
            ("gcp.vertex.agent.llm_response", """{"content":{"parts":[]},"finish_reason":"STOP","model_version":"gemini-2.5-flash-001","usage_metadata":{"prompt_token_count":100,"cached_content_token_count":20,"candidates_token_count":40,"thoughts_token_count":30,"total_token_count":170}}""")));

    [Theory]
    [InlineData("gen_ai.usage.experimental.reasoning_tokens", 40, 70)]
    [InlineData("gen_ai.usage.reasoning.output_tokens", 70, 70)]
    public void Since_2_3_the_thoughts_are_in_the_output(string key, int output, long expected) => Assert.Equal(
        new TokenUsage { Input = 100, Output = expected, Reasoning = 30 },
        _adk.Send("call_llm", ("gen_ai.system", "gcp.vertex.agent"), ("gen_ai.request.model", "gemini-2.5-flash"), ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", output), (key, 30)).Usage);

    [Fact]
    public void Without_a_count_of_thoughts_the_providers_total_has_them() => Assert.Equal(
        new TokenUsage { Input = 100, Output = 70, Reasoning = 30 },
        _adk.Send(
            "call_llm", ("gen_ai.system", "gcp.vertex.agent"), ("gen_ai.request.model", "gemini-2.5-flash"), ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40),
            ("gcp.vertex.agent.llm_response", """{"usage_metadata":{"total_token_count":170}}""")).Usage);

    [Theory]
    [InlineData("openai/gpt-4o", "openai")]
    [InlineData("azure/gpt-4o", "azure.ai.openai")]
    [InlineData("claude-sonnet-4-5", "anthropic")]
    [InlineData("gemini-2.5-pro", "gcp.gen_ai")]
    public void The_kits_own_name_is_no_provider_of_other_models(string model, string provider) =>
        Assert.Equal(provider, _adk.Send("call_llm", ("gen_ai.system", "gcp.vertex.agent"), ("gen_ai.request.model", model)).Provider);

    [Theory]
    [InlineData("invocation", null, Role.Wrapper)]
    [InlineData("agent_run [helper]", null, Role.Wrapper)]
    [InlineData("invoke_agent helper", "invoke_agent", Role.Wrapper)]
    [InlineData("execute_tool search", "execute_tool", Role.Other)]
    [InlineData("send_data", null, Role.Other)]
    [InlineData("generate_content gemini-2.5-flash", "generate_content", Role.Call)]
    public void The_rest_stands_around(string name, string? operation, Role role)
    {
        (string, object)[] attributes = [("gcp.vertex.agent.llm_request", "{}"), ("gcp.vertex.agent.llm_response", "{}"), .. operation is null ? Array.Empty<(string, object)>() : [("gen_ai.operation.name", (object)operation)]];

        Assert.Equal(role, _adk.Send(name, attributes).Role);
    }
}
