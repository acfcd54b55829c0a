using System.Globalization;
using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;

namespace Telemetry.Contracts.Tests.Prices;

public class EffectiveDateTests
{
    private static readonly TokenUsage Million = new() { Input = 1_000_000 };

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "p/m@start")]
    [InlineData("2026-08-31T23:59:59.9999999Z", "p/m@start")]
    [InlineData("2026-09-01T00:00:00Z", "p/m@2026-09-01")]
    [InlineData("2026-09-01T01:59:59+02:00", "p/m@start")]
    [InlineData("9999-12-31T23:59:59Z", "p/m@2026-09-01")]
    public void The_price_is_the_one_that_held_when_the_call_ran(string at, string priceId)
    {
        PriceBook book = Books.OneModel("""{"usd_per_million_tokens": {"input": 1}}, {"from": "2026-09-01", "usd_per_million_tokens": {"input": 2}}""");

        Assert.Equal(priceId, Price(book, at).PriceId);
    }

    [Theory]
    [InlineData("2026-08-31T23:59:59Z", CostReasons.NoPriceAtThatTime)]
    [InlineData("2026-09-01T00:00:00Z", "")]
    public void Before_the_first_known_day_there_is_no_price_unless_the_entry_is_open_at_its_start(string at, string reason) =>
        Assert.Equal(reason, Price(Books.OneModel("""{"from": "2026-09-01", "usd_per_million_tokens": {"input": 2}}"""), at).CostReason);

    [Theory]
    [InlineData("22:59", 1)]
    [InlineData("23:00", 2)]
    [InlineData("00:00", 2)]
    [InlineData("01:29", 2)]
    [InlineData("01:30", 1)]
    public void Hours_may_go_over_midnight(string time, int usd)
    {
        PriceBook book = Books.OneModel("""
            {"usd_per_million_tokens": {"input": 1}}, {"day_start_utc": "23:00", "day_end_utc": "01:30", "usd_per_million_tokens": {"input": 2}}
            """);

        Assert.Equal(usd, Price(book, $"2026-09-01T{time}:00Z").CostUsd);
    }

    [Theory]
    [InlineData("2026-09-04T12:00:00Z", 1)] // Friday
    [InlineData("2026-09-05T00:00:00Z", 2)]
    [InlineData("2026-09-06T23:59:59Z", 2)]
    [InlineData("2026-09-07T00:00:00Z", 1)]
    public void Days_of_the_week_are_days_in_UTC(string at, int usd)
    {
        PriceBook book = Books.OneModel("""
            {"usd_per_million_tokens": {"input": 1}}, {"days_utc": ["saturday", "sunday"], "usd_per_million_tokens": {"input": 2}}
            """);

        Assert.Equal(usd, Price(book, at).CostUsd);
    }

    [Fact]
    public void Each_service_tier_has_dates_of_its_own()
    {
        PriceBook book = Books.OneModel("""
            {"usd_per_million_tokens": {"input": 4}}, {"from": "2026-09-01", "tier": "flex", "usd_per_million_tokens": {"input": 2}},
            {"from": "2026-10-01", "usd_per_million_tokens": {"input": 3}}
            """);

        Assert.Equal(CostReasons.NoPriceAtThatTime, Price(book, "2026-08-31T00:00:00Z", "flex").CostReason);
        Assert.Equal("p/m@2026-09-01#flex", Price(book, "2026-12-01T00:00:00Z", " Flex").PriceId);
        Assert.Equal(CostReasons.UnknownServiceTier, Price(book, "2026-12-01T00:00:00Z", "batch").CostReason);
        foreach (string? standard in (string?[])[null, "", "default", "AUTO", "on_demand", "standard", " standard_only "])
        {
            Assert.Equal(3m, Price(book, "2026-12-01T00:00:00Z", standard).CostUsd);
        }
    }

    private static PricedCall Price(PriceBook book, string at, string? tier = null) =>
        book.Price(Million, at: DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), tier: tier);
}
