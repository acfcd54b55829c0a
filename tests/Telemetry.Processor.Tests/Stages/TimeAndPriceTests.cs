using Telemetry.Contracts.Prices;
using Telemetry.Otlp;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Tests.Stages;

public sealed class TimeAndPriceTests
{
    private readonly StageRun _run = new();

    [Fact]
    public void Times_and_speeds_are_told_from_the_spans_own_clock()
    {
        LlmCall call = _run.Run(Timed(ttftSeconds: 0.2)).Call;

        Assert.Equal((long)StageRun.Nanoseconds(StageRun.Start), call.StartNanoseconds);
        Assert.Equal(1000, call.DurationMilliseconds);
        Assert.Equal(200, call.TtftMilliseconds);
        Assert.Equal(101 * 1000.0 / 800, call.TokensPerSecond);
        Assert.Equal(101, call.TokensPerSecondTotal);
        Assert.Equal(8, call.MillisecondsPerOutputToken);
    }

    [Fact]
    public void Without_evidence_there_is_no_first_token_time()
    {
        LlmCall call = _run.Run(Timed(ttftSeconds: null)).Call;

        Assert.Null(call.TtftMilliseconds);
        Assert.Null(call.TokensPerSecond);
        Assert.Null(call.MillisecondsPerOutputToken);
        Assert.Equal(101, call.TokensPerSecondTotal);
    }

    [Theory]
    [InlineData(1.0, true)]
    [InlineData(1.001, false)]
    [InlineData(-0.001, false)]
    [InlineData(0.0, true)]
    public void A_first_token_outside_the_call_is_left_out_and_flagged(double seconds, bool isPossible)
    {
        LlmCall call = _run.Run(Timed(seconds)).Call;

        Assert.Equal(isPossible, call.TtftMilliseconds is not null);
        Assert.Equal(!isPossible, call.Flags.Contains(Flags.ImpossibleTtft));
    }

    [Fact]
    public void An_end_before_the_start_gives_no_duration_and_a_flag()
    {
        Span span = Timed(null);
        span.EndTimeUnixNano = span.StartTimeUnixNano - 1;

        LlmCall call = _run.Run(span).Call;

        Assert.Null(call.DurationMilliseconds);
        Assert.Null(call.TokensPerSecondTotal);
        Assert.Equal([Flags.EndBeforeStart], call.Flags);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(ulong.MaxValue)]
    public void A_start_that_is_no_date_becomes_the_arrival_and_is_flagged(ulong start)
    {
        Span span = Timed(null);
        span.StartTimeUnixNano = start;
        long before = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

        LlmCall call = _run.Run(span).Call;

        Assert.InRange(call.StartNanoseconds, before, before + 60_000_000_000);
        Assert.Contains(Flags.InvalidStart, call.Flags);
    }

    [Fact]
    public void A_call_is_priced_to_the_last_digit_and_its_parts_add_up()
    {
        PricedCall price = _run.Run(StageRun.Chat(
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o-mini"),
            ("gen_ai.usage.input_tokens", 1200), ("gen_ai.usage.cache_read.input_tokens", 1000), ("gen_ai.usage.output_tokens", 300))).Call.Price;

        // 0.15, 0.075 and 0.60 USD a million.
        Assert.Equal(0.000285m, price.CostUsd);
        Assert.Equal((0.00003m, 0.000075m, 0.00018m), (price.InputCostUsd, price.CacheReadCostUsd, price.OutputCostUsd));
        Assert.Equal(CostBases.Exact, price.Basis);
        Assert.Equal("openai/gpt-4o-mini@start", price.PriceId);
    }

    [Fact]
    public void A_model_without_a_price_costs_unknown_and_not_zero()
    {
        LlmCall call = _run.Run(StageRun.Chat(
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "house-model-1"), ("gen_ai.usage.input_tokens", 5))).Call;

        Assert.Null(call.Price.CostUsd);
        Assert.Equal(CostReasons.UnknownModel, call.Price.CostReason);
        Assert.NotEmpty(call.PriceVersion);
    }

    private static Span Timed(double? ttftSeconds) => ttftSeconds is { } seconds
        ? StageRun.Chat(("gen_ai.operation.name", "chat"), ("gen_ai.usage.output_tokens", 101), ("gen_ai.response.time_to_first_chunk", seconds))
        : StageRun.Chat(("gen_ai.operation.name", "chat"), ("gen_ai.usage.output_tokens", 101));
}
