using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Tests.Prices;

public class PriceCalculatorTests
{
    private const string EveryKind = """
        {"usd_per_request": 0.01, "usd_per_web_search": 0.002, "usd_per_million_tokens": {
          "input": 1, "cache_read": 0.1, "cache_write": 1.25, "cache_write_1h": 2, "audio_input": 10, "audio_cache_read": 0.5, "image_input": 5,
          "output": 4, "reasoning": 6, "audio_output": 20, "image_output": 30}}
        """;

    private const string InputAndOutput = """{"usd_per_million_tokens": {"input": 1, "output": 4}}""";

    private static readonly PriceBook Full = Books.OneModel(EveryKind);
    private static readonly PriceBook Plain = Books.OneModel(InputAndOutput);

    [Fact]
    public void Every_kind_of_token_has_its_own_price_and_its_part()
    {
        PricedCall call = Full.Price(
            new TokenUsage
            {
                Input = 1_000_000,
                CacheRead = 200_000,
                CacheWrite = 100_000,
                CacheWriteOneHour = 40_000,
                AudioInput = 50_000,
                ImageInput = 10_000,
                Output = 100_000,
                Reasoning = 30_000,
                AudioOutput = 5_000,
                ImageOutput = 1_000,
            },
            webSearches: 3);

        Assert.Equal(0.64m + 0.5m + 0.05m, call.InputCostUsd); //  640 000 text, 50 000 audio, 10 000 image
        Assert.Equal(0.02m, call.CacheReadCostUsd);
        Assert.Equal(0.075m + 0.08m, call.CacheWriteCostUsd); //   60 000 for five minutes, 40 000 for an hour
        Assert.Equal(0.256m + 0.18m + 0.1m + 0.03m, call.OutputCostUsd); // 64 000 text, 30 000 reasoning, 5 000 audio, 1 000 image
        Assert.Equal(0.016m, call.OtherCostUsd);
        Assert.Equal(1.19m + 0.02m + 0.155m + 0.566m + 0.016m, call.CostUsd);
    }

    [Fact]
    public void A_kind_without_a_price_of_its_own_is_charged_as_its_parent()
    {
        PricedCall call = Plain.Price(new TokenUsage
        {
            Input = 1_000_000,
            CacheRead = 200_000,
            CacheWrite = 100_000,
            CacheWriteOneHour = 100_000,
            AudioInput = 1,
            Output = 1_000_000,
            Reasoning = 5,
            ImageOutput = 7,
        });

        Assert.Equal(1m, call.InputCostUsd);
        Assert.Equal(4m, call.OutputCostUsd);
        Assert.Equal(5m, call.CostUsd);
    }

    [Fact]
    public void One_hour_writes_are_never_charged_at_the_five_minute_price()
    {
        PriceBook book = Books.OneModel("""{"usd_per_million_tokens": {"input": 1, "cache_write": 1.25, "output": 4}}""");

        Assert.Equal(CostReasons.UnpricedUsage, book.Price(new TokenUsage { Input = 10, CacheWrite = 5, CacheWriteOneHour = 1, Output = 0 }).CostReason);
        Assert.Equal(5m / 1_000_000 + 6.25m / 1_000_000, book.Price(new TokenUsage { Input = 10, CacheWrite = 5, CacheWriteOneHour = 0, Output = 0 }).CostUsd);
    }

    [Fact]
    public void One_hour_writes_alone_are_the_cache_writes() =>
        Assert.Equal(2m, Full.Price(new TokenUsage { Input = 1_000_000, CacheRead = 0, CacheWriteOneHour = 1_000_000, Output = 0 }).CacheWriteCostUsd);

    [Fact]
    public void Audio_that_cannot_be_uncached_was_cached_and_the_cost_is_an_upper_bound()
    {
        // 900 of 1 000 input tokens were cached, 300 are audio: at least 200 of the audio tokens were cached.
        PricedCall call = Full.Price(new TokenUsage { Input = 1000, CacheRead = 900, AudioInput = 300, Output = 0 });

        Assert.Equal(100 * 10m / 1_000_000, call.InputCostUsd);
        Assert.Equal((700 * 0.1m + 200 * 0.5m) / 1_000_000, call.CacheReadCostUsd);
        Assert.Equal(CostBases.UpperBound, call.Basis);
    }

    [Theory]
    [InlineData(0, CostBases.Exact)]
    [InlineData(7, CostBases.Exact)]
    [InlineData(null, CostBases.UpperBound)]
    public void The_cost_is_an_upper_bound_when_the_cached_share_is_unknown_and_would_be_cheaper(int? cached, string basis)
    {
        Assert.Equal(basis, Full.Price(new TokenUsage { Input = 10, CacheRead = cached, Output = 1 }).Basis);
        Assert.Equal(CostBases.Exact, Plain.Price(new TokenUsage { Input = 10, CacheRead = cached, Output = 1 }).Basis);
    }

    [Fact]
    public void Tokens_counted_by_us_are_said_to_be_estimated()
    {
        PricedCall call = Full.Price(new PriceQuery
        {
            Provider = "p",
            ModelRequested = "m",
            At = Books.Autumn,
            Usage = new TokenUsage { Input = 10, Output = 1 },
            TokensEstimated = true,
        });

        Assert.Equal(CostBases.EstimatedTokens, call.Basis);
    }

    [Theory]
    [InlineData(200_000, "0.2")]
    [InlineData(200_001, "0.400002")]
    [InlineData(500_000, "1")]
    [InlineData(500_001, "1.500003")]
    public void Long_context_prices_are_cliffs_above_the_threshold(long input, string expected)
    {
        PriceBook book = Books.OneModel("""
            {"usd_per_million_tokens": {"input": {"base": 1, "steps": [{"above_input_tokens": 200000, "price": 2}, {"above_input_tokens": 500000, "price": 3}]}, "output": 4}}
            """);

        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), book.Price(new TokenUsage { Input = input, Output = 0 }).CostUsd);
    }

    [Theory]
    [InlineData(100, 4)]
    [InlineData(101, 6)]
    public void The_price_of_output_follows_the_length_of_the_input_cached_or_not(long input, int usd)
    {
        PriceBook book = Books.OneModel("""
            {"usd_per_million_tokens": {"input": 0, "cache_read": 0, "output": {"base": 4, "steps": [{"above_input_tokens": 100, "price": 6}]}}}
            """);

        Assert.Equal(usd, book.Price(new TokenUsage { Input = input, CacheRead = input, Output = 1_000_000 }).CostUsd);
    }

    public static TheoryData<TokenUsage> Impossible =>
    [
        new TokenUsage { Input = -1, Output = 0 },
        new TokenUsage { Input = 0, Output = -1 },
        new TokenUsage { Input = 10, CacheRead = -1, Output = 0 },
        new TokenUsage { Input = 10, CacheRead = 11, Output = 0 },
        new TokenUsage { Input = 10, CacheRead = 6, CacheWrite = 5, Output = 0 },
        new TokenUsage { Input = 10, CacheWrite = 4, CacheWriteOneHour = 5, Output = 0 },
        new TokenUsage { Input = 10, CacheRead = 6, CacheWriteOneHour = 5, Output = 0 },
        new TokenUsage { Input = 10, AudioInput = 6, ImageInput = 5, Output = 0 },
        new TokenUsage { Input = 0, Output = 10, Reasoning = 11 },
        new TokenUsage { Input = 0, Output = 10, Reasoning = 5, AudioOutput = 6 },
        new TokenUsage { Input = 0, Output = long.MaxValue, Reasoning = long.MaxValue, AudioOutput = long.MaxValue },
        new TokenUsage { Input = long.MinValue, CacheRead = long.MinValue, Output = long.MinValue },
        new TokenUsage { Output = 10, CacheRead = -1 },
    ];

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Counts_that_cannot_be_true_cost_nothing_known(TokenUsage usage)
    {
        foreach (PriceBook book in (PriceBook[])[Full, Plain])
        {
            PricedCall call = book.Price(usage);
            Assert.Equal(CostReasons.InconsistentUsage, call.CostReason);
            Assert.Null(call.CostUsd);
            Assert.Equal(0, call.InputCostUsd + call.CacheReadCostUsd + call.CacheWriteCostUsd + call.OutputCostUsd + call.OtherCostUsd);
        }
    }

    [Fact]
    public void A_negative_number_of_searches_is_as_impossible() =>
        Assert.Equal(CostReasons.InconsistentUsage, Full.Price(new TokenUsage { Input = 1, Output = 1 }, webSearches: -1).CostReason);

    [Theory]
    [InlineData(null, null, CostReasons.NoUsage)]
    [InlineData(5, null, CostReasons.IncompleteUsage)]
    [InlineData(null, 5, CostReasons.IncompleteUsage)]
    [InlineData(0, 0, "")]
    public void What_is_not_reported_is_not_zero(int? input, int? output, string reason) =>
        Assert.Equal(reason, Plain.Price(new TokenUsage { Input = input, Output = output }).CostReason);

    [Fact]
    public void An_embedding_has_input_only()
    {
        PriceBook book = Books.OneModel("""{"usd_per_million_tokens": {"input": 0.02}}""");

        Assert.Equal(0.02m, book.Price(new TokenUsage { Input = 1_000_000 }).CostUsd);
        Assert.Equal(0.02m, book.Price(new TokenUsage { Input = 1_000_000, Output = 0 }).CostUsd);
        Assert.Equal(CostReasons.UnpricedUsage, book.Price(new TokenUsage { Input = 1_000_000, Output = 1 }).CostReason);
    }

    [Fact]
    public void A_model_that_is_free_costs_zero_and_one_without_prices_is_unknown()
    {
        PricedCall free = Books.OneModel("""{"usd_per_million_tokens": {"input": 0, "output": 0}}""").Price(new TokenUsage { Input = long.MaxValue });
        PricedCall byTheHour = Books.OneModel("""{"usd_per_million_tokens": {}, "usd_per_other": {"audio_hour": 0.36}}""").Price(new TokenUsage { Input = 0, Output = 0 });

        Assert.Equal((0m, ""), (free.CostUsd, free.CostReason));
        Assert.Equal(((decimal?)null, CostReasons.UnpricedUsage), (byTheHour.CostUsd, byTheHour.CostReason));
    }

    [Theory]
    [InlineData(999_999_999_999, "999999.999999")]
    [InlineData(1_000_000_000_000, null)]
    [InlineData(long.MaxValue, null)]
    public void A_cost_that_does_not_fit_the_column_is_out_of_range(long input, string? expected)
    {
        PricedCall call = Plain.Price(new TokenUsage { Input = input, Output = 0 });

        Assert.Equal(expected is null ? CostReasons.OutOfRange : "", call.CostReason);
        Assert.Equal(expected is null ? null : decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), call.CostUsd);
    }

    [Fact]
    public void A_sum_of_parts_that_does_not_fit_is_out_of_range_too() =>
        Assert.Equal(CostReasons.OutOfRange, Plain.Price(new TokenUsage { Input = 600_000_000_000, Output = 150_000_000_000 }).CostReason);

    [Theory]
    [InlineData("0.0000005", 1, "0")] //               0.5 picodollars: half to even
    [InlineData("0.0000005", 3, "0.000000000002")] //  1.5
    [InlineData("0.000000501", 1, "0.000000000001")]
    [InlineData("0.083333333", 3, "0.000000249999999")]
    public void Costs_are_rounded_half_to_even_at_twelve_decimals(string price, long tokens, string expected)
    {
        PriceBook book = Books.OneModel($$"""{"usd_per_million_tokens": {"input": {{price}} } }""");
        decimal exact = decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(Math.Round(exact, 12, MidpointRounding.ToEven), book.Price(new TokenUsage { Input = tokens }).CostUsd);
    }
}
