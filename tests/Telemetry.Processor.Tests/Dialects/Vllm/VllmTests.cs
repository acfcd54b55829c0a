using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.Vllm;

public sealed class VllmTests
{
    private static readonly (string, object)[] Request =
    [
        ("gen_ai.request.id", "chatcmpl-1"), ("gen_ai.request.max_tokens", 100), ("gen_ai.response.model", "Qwen/Qwen2.5-7B"), ("gen_ai.usage.prompt_tokens", 100), ("gen_ai.usage.completion_tokens", 40),
        ("gen_ai.latency.time_in_queue", 0.01), ("gen_ai.latency.time_to_first_token", 0.12), ("gen_ai.latency.e2e", 0.9), ("gen_ai.latency.time_in_model_decode", 0.7),
    ];

    private static readonly Facts Expected = new()
    {
        Convention = "vllm",
        Role = Role.ServerCall,
        Provider = "vllm",
        Answered = "Qwen/Qwen2.5-7B",
        Operation = "chat",
        Usage = new TokenUsage { Input = 100, Output = 40 },
        Reading = "as_reported",
        Ttft = 120,
        TtftSource = "gen_ai.latency.time_to_first_token",
        ResponseId = "chatcmpl-1",
    };

    [Theory]
    [InlineData("vllm.llm_engine")]
    [InlineData("sglang")]
    [InlineData("hidden")]
    public void A_request_is_the_servers_half_of_a_call(string scope) => Assert.Equal(Expected, new Emitter(scope) { Kind = Emitter.Server }.Send("llm_request", Request));

    [Fact]
    public void Sglang_tells_the_cached_share() => Assert.Equal(
        new TokenUsage { Input = 100, CacheRead = 64, Output = 40 }, new Emitter("sglang") { Kind = Emitter.Server }.Send("llm_request", [.. Request, ("gen_ai.usage.cached_tokens", 64)]).Usage);

    [Fact]
    public void Other_spans_of_the_server_are_nothing_to_the_bill() => Assert.Equal(Role.Other, new Emitter("vllm.api") { Kind = Emitter.Server }.Send("POST /v1/chat/completions", ("http.method", "POST")).Role);
}
