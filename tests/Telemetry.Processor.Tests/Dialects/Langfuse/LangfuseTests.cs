using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.Langfuse;

public sealed class LangfuseTests
{
    private readonly Emitter _sdk = new("langfuse-sdk", "4.14.3") { Kind = Emitter.Internal };

    [Fact]
    public void A_generation_has_everything_under_its_own_names() => Assert.Equal(
        new Facts
        {
            Convention = "langfuse",
            Provider = "openai",
            Requested = "gpt-4o",
            Operation = "chat",
            Stream = true,
            Usage = new TokenUsage { Input = 2048, CacheRead = 1536, Output = 640, Reasoning = 512 },
            Reading = "cache_and_reasoning_added",
            Ttft = 250,
            TtftSource = "langfuse.observation.completion_start_time",
            Error = "_OTHER",
            Session = "s-42",
            User = "u-7",
            Prompt = "support@3",
            Labels = "beta,eu",
            Metadata = """{"team":"shop"}""",
            Tier = "flex",
            Cost = 0.0125m,
            Flags = "provider_inferred",
        },
        _sdk.Send(
            "generation",
            ("langfuse.observation.type", "generation"), ("langfuse.observation.model.name", "gpt-4o"), ("langfuse.observation.model.parameters", """{"temperature":0.2,"service_tier":"flex"}"""),
            ("langfuse.observation.usage_details", """{"input":512,"output":128,"total":2688,"input_cached_tokens":1536,"output_reasoning_tokens":512}"""),
            ("langfuse.observation.cost_details", """{"input":0.01,"output":0.0025,"total":0.0125}"""), ("langfuse.observation.completion_start_time", "2026-11-20T12:00:00.250000Z"),
            ("langfuse.observation.level", "ERROR"), ("langfuse.observation.status_message", "refused"), ("langfuse.observation.prompt.name", "support"), ("langfuse.observation.prompt.version", 3),
            ("session.id", "s-42"), ("user.id", "u-7"), ("langfuse.trace.tags", new[] { "beta", "eu" }), ("langfuse.observation.metadata", """{"team":"shop"}"""), ("langfuse.environment", "prod"),
            ("langfuse.observation.input", "[]"), ("langfuse.observation.output", "{}")));

    // A kind of usage object, and what it must come to: input, cached, written, of that for an hour, audio in, output, reasoning, audio out.
    [Theory]
    [InlineData("""{"input":100,"output":40}""", "100 - - - - 40 - -")]
    [InlineData("""{"input":100,"output":40,"total":140}""", "100 - - - - 40 - -")]
    [InlineData("""{"input":40,"output":32,"input_cached_tokens":60,"output_reasoning_tokens":8}""", "100 60 - - - 40 8 -")]
    [InlineData("""{"input":100,"output":40,"total":140,"input_cached_tokens":60,"output_reasoning_tokens":8}""", "100 60 - - - 40 8 -")]
    [InlineData("""{"input":40,"output":30,"total":140,"input_cached_tokens":50,"input_audio_tokens":10,"output_reasoning_tokens":8,"output_audio_tokens":1,"output_accepted_prediction_tokens":1}""", "100 50 - - 10 40 8 1")]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":40,"total_tokens":140,"prompt_tokens_details":{"cached_tokens":60,"audio_tokens":2},"completion_tokens_details":{"reasoning_tokens":8,"audio_tokens":1}}""", "100 60 - - 2 40 8 1")]
    [InlineData("""{"input_tokens":100,"output_tokens":40,"total_tokens":140,"input_tokens_details":{"cached_tokens":60},"output_tokens_details":{"reasoning_tokens":8}}""", "100 60 - - - 40 8 -")]
    [InlineData("""{"input_tokens":100,"output_tokens":40,"cache_read_input_tokens":60,"cache_creation_input_tokens":30,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20}}""", "190 60 30 20 - 40 - -")]
    [InlineData("""{"input":100,"output":40,"cache_read_input_tokens":60,"cache_creation_input_tokens":30}""", "190 60 30 - - 40 - -")]
    [InlineData("""{"input":10,"output":40,"input_cache_read":60,"input_cache_creation":0,"input_ephemeral_5m_input_tokens":10,"input_ephemeral_1h_input_tokens":20}""", "100 60 30 20 - 40 - -")]
    [InlineData("""{"input":10,"output":40,"input_cache_creation_5m":10,"input_cache_creation_1h":20}""", "40 - 30 20 - 40 - -")]
    [InlineData("""{"promptTokenCount":100,"candidatesTokenCount":30,"thoughtsTokenCount":10,"cachedContentTokenCount":60,"totalTokenCount":140}""", "100 60 - - - 40 10 -")]
    [InlineData("""{"prompt_token_count":100,"candidates_token_count":30,"total_token_count":140}""", "100 - - - - 40 10 -")]
    [InlineData("""{"inputTokens":40,"outputTokens":40,"cacheReadInputTokens":50,"cacheWriteInputTokens":10}""", "100 50 10 - - 40 - -")]
    [InlineData("""{"input_text_tokens":20,"input_cached_text_tokens":30,"input_audio_tokens":50,"output_text_tokens":15,"output_audio_tokens":25}""", "100 30 - - 50 40 - 25")]
    [InlineData("""{"input":"100","output":40.0,"prompt_tokens_details":null,"note":"none"}""", "100 - - - - 40 - -")]
    public void Usage_comes_in_the_sdks_buckets_or_as_the_provider_gave_it(string usage, string expected)
    {
        Facts facts = _sdk.Send("generation", ("langfuse.observation.type", "generation"), ("langfuse.observation.model.name", "gpt-4o"), ("langfuse.observation.usage_details", usage));

        TokenUsage u = facts.Usage;
        Assert.Equal(expected, string.Join(' ', new[] { u.Input, u.CacheRead, u.CacheWrite, u.CacheWriteOneHour, u.AudioInput, u.Output, u.Reasoning, u.AudioOutput }.Select(c => c?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-")));
        Assert.DoesNotContain("inconsistent_usage", facts.Flags, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-20T12:00:00.180Z")]
    [InlineData("2026-11-20T13:00:00.180+01:00")]
    [InlineData("\"2026-11-20T12:00:00.180Z\"")]
    [InlineData("\"\\\"2026-11-20T12:00:00.180Z\\\"\"")]
    public void The_first_token_is_a_time_encoded_once_or_twice_or_not_at_all(string sent) => Assert.Equal(
        180, _sdk.Send("generation", ("langfuse.observation.type", "generation"), ("langfuse.observation.completion_start_time", sent)).Ttft);

    [Fact]
    public void A_time_that_is_none_tells_nothing() =>
        Assert.Null(_sdk.Send("generation", ("langfuse.observation.type", "generation"), ("langfuse.observation.completion_start_time", "soon")).Ttft);

    [Theory]
    [InlineData("generation", "chat", Role.Call)]
    [InlineData("GENERATION", "chat", Role.Call)]
    [InlineData("embedding", "embeddings", Role.Call)]
    [InlineData("agent", "invoke_agent", Role.Wrapper)]
    [InlineData("chain", "invoke_workflow", Role.Wrapper)]
    [InlineData("span", "span", Role.Wrapper)]
    [InlineData("guardrail", "guardrail", Role.Wrapper)]
    [InlineData("evaluator", "evaluator", Role.Wrapper)]
    [InlineData("event", "event", Role.Other)]
    [InlineData("tool", "execute_tool", Role.Other)]
    [InlineData("retriever", "retrieval", Role.Other)]
    public void The_type_says_what_an_observation_is_to_the_bill(string type, string operation, Role role)
    {
        Facts facts = _sdk.Send("search", ("langfuse.observation.type", type));

        Assert.Equal((operation, role, type == "tool" ? "search" : "", type == "agent" ? "search" : ""), (facts.Operation, facts.Role, facts.Tool, facts.Agent));
    }

    [Theory]
    [InlineData("")]
    [InlineData("span")]
    public void A_model_with_usage_makes_a_generation_whatever_older_sdks_call_it(string type)
    {
        Facts facts = new Emitter("langfuse-sdk", "3.2.0").Send(
            "x", ("langfuse.observation.type", type), ("langfuse.observation.model.name", "\"gpt-4o\""), ("langfuse.observation.usage_details", """{"input":1}"""));

        Assert.Equal((Role.Call, "gpt-4o"), (facts.Role, facts.Requested));
    }

    [Fact]
    public void Costs_without_a_total_are_added_up() => Assert.Equal(
        0.0125m, _sdk.Send("x", ("langfuse.observation.type", "generation"), ("langfuse.observation.cost_details", """{"input":0.01,"output":0.0025}""")).Cost);

    [Fact]
    public void Langchains_handler_names_the_provider() => Assert.Equal(
        "aws.bedrock", _sdk.Send("x", ("langfuse.observation.type", "generation"), ("langfuse.observation.metadata.ls_provider", "amazon_bedrock")).Provider);
}
