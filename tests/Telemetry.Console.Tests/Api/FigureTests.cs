using System.Globalization;
using System.Text.Json;

namespace Telemetry.Console.Tests.Api;

/// <summary>Figures against the calls themselves, asked by another way.</summary>
public sealed class FigureTests(ConsoleFixture console)
{
    [Theory]
    [InlineData("now-1h")]
    [InlineData("now-7h")]
    [InlineData("now-50h")]
    [InlineData("now-12d")]
    public async Task Totals_of_a_range_are_those_of_its_calls_to_the_minute(string from)
    {
        JsonElement answer = await console.GetAsync($"/overview?from={from}&tenant=globex");

        JsonElement range = answer.GetProperty("range");
        string where = $"tenant = 'globex' AND ts >= parseDateTime64BestEffort('{range.GetProperty("from")}') AND ts < parseDateTime64BestEffort('{range.GetProperty("to")}')";
        JsonElement now = answer.GetProperty("now");
        Assert.Equal(await console.AskOneAsync($"SELECT sum(sign) FROM llm_calls WHERE {where}"), now.GetProperty("calls").ToString());
        Assert.Equal(await console.AskOneAsync($"SELECT sum(sign * toInt64(output_tokens)) FROM llm_calls WHERE {where}"), now.GetProperty("output_tokens").ToString());
        decimal cost = decimal.Parse(await console.AskOneAsync($"SELECT sum(toDecimal128(ifNull(cost_usd, 0), 12) * sign) FROM llm_calls WHERE {where}"), CultureInfo.InvariantCulture);
        Assert.Equal(cost, decimal.Parse(now.GetProperty("cost_usd").GetString()!, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task The_time_before_is_as_long_and_ends_where_the_range_begins()
    {
        JsonElement answer = await console.GetAsync("/overview?from=now-2d&to=now-1d&tenant=globex");
        JsonElement before = await console.GetAsync("/overview?from=now-3d&to=now-2d&tenant=globex");

        // A minute may have passed between the two questions.
        Assert.InRange(answer.GetProperty("before").GetProperty("calls").GetInt64(), before.GetProperty("now").GetProperty("calls").GetInt64() - 20, before.GetProperty("now").GetProperty("calls").GetInt64() + 20);
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Asia/Tokyo")]
    public async Task Spending_of_today_is_that_of_the_day_in_the_time_zone(string zone)
    {
        JsonElement spend = (await console.GetAsync($"/overview?tz={zone}&tenant=globex")).GetProperty("spend");

        string expected = await console.AskOneAsync(
            $"SELECT sum(toDecimal128(ifNull(cost_usd, 0), 12) * sign) FROM llm_calls WHERE tenant = 'globex' AND toStartOfHour(ts) >= toStartOfDay(now(), '{zone}')");
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), decimal.Parse(spend.GetProperty("today_usd").GetString()!, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task The_forecast_of_steady_traffic_is_what_a_day_costs()
    {
        JsonElement spend = (await console.GetAsync("/overview?tenant=globex")).GetProperty("spend");

        decimal day = decimal.Parse(spend.GetProperty("usd_per_day").GetString()!, CultureInfo.InvariantCulture);
        Assert.InRange(decimal.Parse(spend.GetProperty("today_forecast_usd").GetString()!, CultureInfo.InvariantCulture), day * 0.8m, day * 1.2m);
    }

    [Fact]
    public async Task A_model_without_prices_costs_nothing_known_rather_than_nothing()
    {
        JsonElement answer = await console.GetAsync("/models?from=now-10d");

        JsonElement house = answer.GetProperty("data").EnumerateArray().Single(r => r.GetProperty("model").GetString() == "house-model-1");
        Assert.Equal(JsonValueKind.Null, house.GetProperty("cost_usd").ValueKind);
        Assert.Equal(house.GetProperty("calls").GetInt64(), house.GetProperty("unpriced_calls").GetInt64());
    }

    [Theory]
    [InlineData("service")]
    [InlineData("tenant,model")]
    [InlineData("user")]
    [InlineData("flag")]
    public async Task Costs_by_anything_add_up_to_the_same(string by)
    {
        JsonElement answer = await console.GetAsync($"/costs?from=now-2d&to=now-1d&by={by}&limit=1000&tenant=globex");

        decimal sum = answer.GetProperty("data").EnumerateArray().Sum(r => r.GetProperty("cost_usd").GetString() is { } usd ? decimal.Parse(usd, CultureInfo.InvariantCulture) : 0);
        JsonElement range = answer.GetProperty("range");
        decimal expected = decimal.Parse(
            await console.AskOneAsync($"SELECT sum(toDecimal128(ifNull(cost_usd, 0), 12) * sign) FROM llm_calls WHERE tenant = 'globex' AND ts >= parseDateTime64BestEffort('{range.GetProperty("from")}') AND ts < parseDateTime64BestEffort('{range.GetProperty("to")}')"),
            CultureInfo.InvariantCulture);
        Assert.Equal(expected, sum);
    }

    [Theory]
    [InlineData("5m", "now-3h", "UTC")]
    [InlineData("1h", "now-2d", "UTC")]
    [InlineData("1d", "now-10d", "UTC")]
    [InlineData("1d", "now-10d", "Europe/Berlin")]
    [InlineData("1w", "now-14d", "America/New_York")]
    public async Task The_points_of_a_series_add_up_to_the_calls_of_its_range(string step, string from, string zone)
    {
        JsonElement answer = await console.GetAsync($"/series?step={step}&from={from}&tz={zone}&group_by=service&groups=2&tenant=globex");

        JsonElement range = answer.GetProperty("range");
        string expected = await console.AskOneAsync($"SELECT sum(sign) FROM llm_calls WHERE tenant = 'globex' AND ts >= parseDateTime64BestEffort('{range.GetProperty("from")}') AND ts < parseDateTime64BestEffort('{range.GetProperty("to")}')");
        JsonElement[] rows = [.. answer.GetProperty("data").EnumerateArray()];
        Assert.Equal(expected, rows.Sum(r => r.GetProperty("calls").GetInt64()).ToString(CultureInfo.InvariantCulture));
        Assert.InRange(rows.Select(r => r.GetProperty("service").GetString()).Distinct().Count(), 2, 3);
        Assert.Contains("(other)", rows.Select(r => r.GetProperty("service").GetString()));
    }

    [Fact]
    public async Task Days_begin_where_the_time_zone_says_also_when_clocks_change()
    {
        // Clocks in Berlin were put back on 2026-10-25: that day has 25 hours.
        await console.Writer.ExecuteAsync(
            """
            INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, status, tokens_source, cost_usd)
            SELECT toDateTime64('2026-10-23 12:00:00', 9, 'UTC') + toIntervalHour(number), lower(leftPad(hex(number), 32, 'd')), lower(leftPad(hex(number), 16, 'd')), 'dst', 'dst', 'ok', 'reported', 1
            FROM numbers(96)
            """,
            null, TestContext.Current.CancellationToken);

        JsonElement answer = await console.GetAsync("/series?from=2026-10-24&to=2026-10-27&tz=Europe/Berlin&step=1d&service=dst");

        Assert.Equal(["2026-10-23T22:00:00Z 24", "2026-10-24T22:00:00Z 25", "2026-10-25T23:00:00Z 24"], answer.GetProperty("data").EnumerateArray().Select(r => $"{r.GetProperty("time")} {r.GetProperty("calls")}"));
    }

    [Fact]
    public async Task Filters_want_any_of_their_values_and_refuse_those_that_are_not_wanted()
    {
        JsonElement some = await console.GetAsync("/costs?from=now-2d&by=service&service=checkout&service=search");
        JsonElement others = await console.GetAsync("/costs?from=now-2d&by=service&service!=checkout&service!=search");

        Assert.Equal(["checkout", "search"], some.GetProperty("data").EnumerateArray().Select(r => r.GetProperty("service").GetString()).Order());
        Assert.Contains("it's \"quoted\"", others.GetProperty("data").EnumerateArray().Select(r => r.GetProperty("service").GetString()));
        Assert.DoesNotContain("search", others.GetProperty("data").EnumerateArray().Select(r => r.GetProperty("service").GetString()));
    }

    [Theory]
    [InlineData("o'brien & sons")]
    [InlineData("'; DROP TABLE llm_calls; --")]
    [InlineData("\\'\n\t\0{x:String}")]
    public async Task A_value_is_a_value_whatever_is_in_it(string value)
    {
        JsonElement answer = await console.GetAsync($"/costs?from=now-2d&by=tenant&tenant={Uri.EscapeDataString(value)}");

        Assert.Equal(value == "o'brien & sons" ? 1 : 0, answer.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task A_question_that_rollups_can_answer_reads_no_calls()
    {
        foreach (string path in (string[])["/overview", "/models", "/prompts", "/costs?by=tenant", "/series?metric=calls"])
        {
            foreach (JsonElement statement in (await console.GetAsync(path)).GetProperty("sql").EnumerateArray().Where(s => s.GetProperty("name").GetString() is not "freshness"))
            {
                Assert.DoesNotContain("llm_calls", statement.GetProperty("statement").GetString(), StringComparison.Ordinal);
            }
        }
    }
}
