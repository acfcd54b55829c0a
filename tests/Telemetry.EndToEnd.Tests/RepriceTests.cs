using System.Globalization;
using System.Text.Json;
using Telemetry.CommandLine;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary><c>telemetry reprice</c> on the running program: rows and rollups follow the new prices, once.</summary>
public sealed class RepriceTests
{
    private const string Override =
        """
        { "provider": "openai", "models": [ { "id": "gpt-4o-mini", "match": { "starts_with": "gpt-4o-mini" }, "prices": [ { "usd_per_million_tokens": { "input": 1, "cache_read": 0.5, "output": 2 } } ] } ] }
        """;

    private const int Calls = 30;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_range_is_repriced_with_its_rollups_and_a_second_run_changes_nothing()
    {
        using var data = new TemporaryDirectory();
        string prices = Path.Combine(data.Path, "override.json");
        await File.WriteAllTextAsync(prices, Override, _cancellation);
        await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        DateTimeOffset old = TimeProvider.System.GetUtcNow().AddHours(-3);
        for (int i = 1; i <= Calls; i++)
        {
            using HttpResponseMessage answer = await process.PostTracesAsync(OtlpJson.Chat(i.ToString("x32", CultureInfo.InvariantCulture), "00000000000000a1", "reprice", old.AddSeconds(i)), _cancellation);
            Assert.True(answer.IsSuccessStatusCode);
        }

        await process.AskUntilAsync("SELECT sum(calls) FROM llm_rollup_1d", $"{Calls}", Bound, _cancellation);
        string quantiles = await process.AskAsync("SELECT quantilesDDMerge(0.01, 0.5)(ttft_ms_state) FROM llm_rollup_1h", _cancellation);

        JsonElement dry = await RunAsync(process, old, prices, "--dry-run");
        Assert.Equal((Calls, Calls, true), (dry.GetProperty("calls").GetInt32(), dry.GetProperty("changed").GetInt32(), dry.GetProperty("dry_run").GetBoolean()));
        await AssertCostAsync(process, 0.000285m);

        JsonElement first = await RunAsync(process, old, prices);
        Assert.Equal(Calls, first.GetProperty("changed").GetInt32());

        // 200 * 1 + 1000 * 0.5 + 300 * 2, a million tokens.
        await AssertCostAsync(process, 0.0013m);
        JsonElement second = await RunAsync(process, old, prices);
        Assert.Equal((Calls, 0), (second.GetProperty("calls").GetInt32(), second.GetProperty("changed").GetInt32()));
        await AssertCostAsync(process, 0.0013m);
        Assert.Equal(quantiles, await process.AskAsync("SELECT quantilesDDMerge(0.01, 0.5)(ttft_ms_state) FROM llm_rollup_1h", _cancellation));
        Assert.Equal($"{Calls}\t1\topenai/gpt-4o-mini@start", await process.AskAsync("SELECT count(), any(revision), any(price_id) FROM llm_calls_now", _cancellation));
    }

    [Fact]
    public async Task A_range_that_may_still_be_corrected_is_refused()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await CommandLineApp.RunAsync(["reprice", "--from", "2026-01-01T00:00:00Z", "--to", "2100-01-01T00:00:00Z"], output, error, TimeProvider.System);

        Assert.Equal(1, code);
        Assert.Contains("is too young", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task AssertCostAsync(AllInOneProcess process, decimal each)
    {
        string expected = (each * Calls).ToString("0.############", CultureInfo.InvariantCulture);
        foreach (string table in (string[])["llm_rollup_1m", "llm_rollup_1h", "llm_rollup_1d", "llm_calls_now"])
        {
            await process.AskUntilAsync($"SELECT toString(sum(cost_usd)), {(table == "llm_calls_now" ? "count()" : "sum(calls)")} FROM {table}", $"{expected}\t{Calls}", Bound, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<JsonElement> RunAsync(AllInOneProcess process, DateTimeOffset from, string prices, params string[] more)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string schemas = Path.Combine(AppContext.BaseDirectory, "prices");
        int code = await CommandLineApp.RunAsync(
            ["reprice", "--from", from.ToString("O", CultureInfo.InvariantCulture), "--to", from.AddHours(2).ToString("O", CultureInfo.InvariantCulture), "--clickhouse", process.ClickHouse.ToString(), "--prices", schemas, "--override", prices, "--json", .. more],
            output, error, TimeProvider.System);
        Assert.True(code == 0, error.ToString());
        return JsonDocument.Parse(output.ToString()).RootElement.Clone();
    }
}
