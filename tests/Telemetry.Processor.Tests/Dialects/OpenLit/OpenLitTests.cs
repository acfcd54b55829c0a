using Telemetry.Contracts.Spans;

namespace Telemetry.Processor.Tests.Dialects.OpenLit;

public sealed class OpenLitTests
{
    private readonly Emitter _openlit = new("openlit.otel.tracing", "1.33.0", ("telemetry.sdk.name", "openlit"));

    [Fact]
    public void A_streamed_call_has_a_first_token() => Assert.Equal(
        new Facts
        {
            Convention = "openlit",
            Provider = "openai",
            Requested = "gpt-4o",
            Answered = "gpt-4o-2024-08-06",
            Operation = "chat",
            Stream = true,
            Usage = new TokenUsage { Input = 100, CacheRead = 60, CacheWrite = 0, Output = 40, Reasoning = 8 },
            Reading = "as_reported",
            Ttft = 310,
            TtftSource = "gen_ai.server.time_to_first_token",
            Finish = "stop",
            ResponseId = "chatcmpl-1",
            Session = "s-42",
            User = "u-7",
            Tier = "default",
            Cost = 0.0125m,
        },
        _openlit.Send(
            "chat gpt-4o",
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.response.model", "gpt-4o-2024-08-06"),
            ("gen_ai.response.id", "chatcmpl-1"), ("gen_ai.request.stream", true), ("gen_ai.server.time_to_first_token", 0.31), ("gen_ai.server.time_per_output_token", 0.01), ("gen_ai.response.finish_reasons", new[] { "stop" }),
            ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40), ("gen_ai.usage.total_tokens", 140), ("gen_ai.client.token.usage", 140), ("gen_ai.usage.reasoning_tokens", 8),
            ("gen_ai.usage.cache_read.input_tokens", 60), ("gen_ai.usage.cache_creation.input_tokens", 0), ("gen_ai.usage.cost", 0.0125), ("gen_ai.environment", "prod"), ("gen_ai.application_name", "shop"),
            ("gen_ai.session.id", "s-42"), ("gen_ai.request.user", "u-7"), ("openai.response.service_tier", "default")));

    [Fact]
    public void A_call_that_is_not_streamed_has_none_though_one_is_told()
    {
        Facts facts = _openlit.Send(
            "chat gpt-4o", ("gen_ai.operation.name", "chat"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.request.stream", false), ("gen_ai.server.time_to_first_token", 1.0));

        Assert.Equal((null, "", false), (facts.Ttft, facts.TtftSource, facts.Stream));
    }

    [Theory]
    [InlineData("anthropic", 190)]
    [InlineData("openai", 100)]
    public void Anthropics_input_leaves_the_cache_out(string provider, long input) => Assert.Equal(
        new TokenUsage { Input = input, CacheRead = 60, CacheWrite = 30, Output = 40 },
        _openlit.Send(
            "chat", ("gen_ai.operation.name", "chat"), ("gen_ai.system", provider), ("gen_ai.request.model", "m"), ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 40),
            ("gen_ai.usage.total_tokens", 140), ("gen_ai.usage.cache_read.input_tokens", 60), ("gen_ai.usage.cache_creation.input_tokens", 30)).Usage);

    [Theory]
    [InlineData("openinference.instrumentation.openai", "openinference.span.kind", "CHAIN", "openinference")]
    [InlineData("opentelemetry.instrumentation.openai", "traceloop.span.kind", "workflow", "openllmetry")]
    public void Other_instrumentations_in_the_same_process_stay_themselves(string scope, string key, string value, string convention)
    {
        Facts facts = new Emitter(scope, "", ("telemetry.sdk.name", "openlit")).Send("x", (key, value), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 1));

        Assert.Equal((convention, Role.Wrapper), (facts.Convention, facts.Role));
    }

    [Fact]
    public void The_resource_alone_tells_it() =>
        Assert.Equal("openlit", new Emitter("hidden", "", ("telemetry.sdk.name", "openlit")).Send("chat", ("gen_ai.operation.name", "chat")).Convention);
}
