using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.LiteLlm;

public sealed class LiteLlmTests
{
    private static readonly (string, object)[] Call =
    [
        ("gen_ai.operation.name", "acompletion"), ("llm.request.type", "acompletion"), ("gen_ai.system", "azure"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.response.model", "gpt-4o-2024-08-06"),
        ("gen_ai.response.id", "chatcmpl-1"), ("gen_ai.request.id", "litellm-1"), ("llm.is_streaming", "True"), ("gen_ai.response.finish_reasons", "[\"stop\"]"), ("gen_ai.usage.input_tokens", 100),
        ("gen_ai.usage.output_tokens", 40), ("gen_ai.usage.total_tokens", 140), ("gen_ai.cost.input_cost", 0.01), ("gen_ai.cost.total_cost", 0.0125), ("llm.user", "u-7"), ("metadata.requester_ip_address", ""),
        ("metadata.user_api_key_user_id", "default_user_id"),
        ("hidden_params", """{"model_id":"m","api_base":"https://acme.openai.azure.com/","response_cost":0.5,"usage_object":{"prompt_tokens":100,"prompt_tokens_details":{"cached_tokens":60},"completion_tokens_details":{"reasoning_tokens":8}}}"""),
    ];

    private static readonly Facts Expected = new()
    {
        Convention = "litellm",
        Provider = "azure.ai.openai",
        Requested = "gpt-4o",
        Answered = "gpt-4o-2024-08-06",
        Operation = "chat",
        Stream = true,
        Usage = new TokenUsage { Input = 100, CacheRead = 60, Output = 40, Reasoning = 8 },
        Reading = "as_reported",
        Finish = "stop",
        ResponseId = "chatcmpl-1",
        User = "u-7",
        Cost = 0.0125m,
    };

    private readonly Emitter _litellm = new("litellm") { Kind = Emitter.Internal };

    [Fact]
    public void A_request_is_a_call() => Assert.Equal(Expected, _litellm.Send("litellm_request", Call));

    [Theory]
    [InlineData("handle-order")]
    [InlineData("POST /chat")]
    public void A_parent_carries_the_call_where_there_is_no_span_of_its_own(string name) => Assert.Equal(Expected, new Emitter("my-app") { Kind = Emitter.Internal }.Send(name, Call));

    [Fact]
    public void The_proxys_own_span_is_a_servers_call() =>
        Assert.Equal(Expected with { Role = Role.ServerCall }, new Emitter("litellm") { Kind = Emitter.Server }.Send("Received Proxy Server Request", Call));

    [Fact]
    public void A_call_of_the_proxy_is_a_servers_call_of_the_end_user() => Assert.Equal(
        Expected with { Role = Role.ServerCall, User = "end" },
        _litellm.Send("litellm_request", [.. Call.Where(a => a.Item1 != "llm.user"), ("metadata.user_api_key_hash", "h"), ("metadata.user_api_key_end_user_id", "end")]));

    [Fact]
    public void Without_a_breakdown_the_hidden_cost_counts() => Assert.Equal(
        0.5m, _litellm.Send("litellm_request", [.. Call.Where(a => !a.Item1.StartsWith("gen_ai.cost", StringComparison.Ordinal))]).Cost);

    [Theory]
    [InlineData("completion", "chat", Role.Call)]
    [InlineData("acompletion", "chat", Role.Call)]
    [InlineData("aresponses", "chat", Role.Call)]
    [InlineData("anthropic_messages", "chat", Role.Call)]
    [InlineData("atext_completion", "text_completion", Role.Call)]
    [InlineData("aembedding", "embeddings", Role.Call)]
    [InlineData("arerank", "rerank", Role.Call)]
    [InlineData("aimage_generation", "image_generation", Role.Call)]
    [InlineData("atranscription", "transcription", Role.Call)]
    public void Its_types_of_call_are_the_functions_of_its_library(string type, string operation, Role role)
    {
        Facts facts = _litellm.Send("litellm_request", ("llm.request.type", type), ("gen_ai.request.model", "m"), ("gen_ai.system", "openai"), ("llm.is_streaming", "False"));

        Assert.Equal((operation, role, false), (facts.Operation, facts.Role, facts.Stream));
    }

    [Theory]
    [InlineData("raw_gen_ai_request")]
    [InlineData("guardrail")]
    [InlineData("redis")]
    [InlineData("Received Proxy Server Request")]
    public void Spans_around_the_request_are_no_calls(string name) =>
        Assert.Equal(Role.Other, _litellm.Send(name, ("llm.openai.model", "gpt-4o"), ("llm.openai.usage", "{}"), ("openinference.span.kind", "guardrail")).Role);

    [Theory]
    [InlineData("vertex_ai-language-models", "gcp.vertex_ai")]
    [InlineData("gemini", "gcp.gemini")]
    [InlineData("bedrock_converse", "aws.bedrock")]
    [InlineData("text-completion-openai", "openai")]
    [InlineData("cohere_chat", "cohere")]
    [InlineData("Unknown", "openai")]
    public void Its_ids_of_providers_are_known(string id, string provider) =>
        Assert.Equal(provider, _litellm.Send("litellm_request", ("llm.request.type", "completion"), ("gen_ai.system", id), ("gen_ai.request.model", "gpt-4o")).Provider);

    [Fact]
    public void A_failed_request_has_the_class_of_the_error() => Assert.Equal(
        "RateLimitError",
        new Emitter("litellm") { Change = Emitter.Fail }.Send("litellm_request", ("llm.request.type", "completion"), ("gen_ai.request.model", "gpt-4o"), ("error.type", "RateLimitError"), ("error.code", "429")).Error);
}
