using System.Globalization;
using System.Text.Json;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary><c>telemetry retention</c> on the running program.</summary>
public sealed class RetentionTests
{
    private const int NotDone = 1;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Retention_is_shown_and_set_within_bounds_and_what_is_older_goes()
    {
        using var data = new TemporaryDirectory();
        await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        string clickHouse = process.ClickHouse.ToString();
        using (HttpResponseMessage answer = await process.PostTracesAsync(OtlpJson.Chat(new string('a', 32), "00f067aa0ba902b7", "new", TimeProvider.System.GetUtcNow()), _cancellation))
        {
            Assert.True(answer.IsSuccessStatusCode);
        }

        await process.AskUntilAsync("SELECT count() FROM llm_calls", "1", Bound, _cancellation);
        await process.AskAsync("INSERT INTO llm_calls SELECT * REPLACE (ingested_at - INTERVAL 20 DAY AS ingested_at, 'old' AS service, repeat('b', 32) AS trace_id) FROM llm_calls", _cancellation);

        JsonElement report = (await CommandLineRun.OfAsync("retention", "show", "--clickhouse", clickHouse, "--json")).Json();
        Assert.Equal(24, report.GetProperty("tables").GetArrayLength());
        Assert.Equal((90, 2L), (Table(report, "llm_calls").GetProperty("days").GetInt32(), Table(report, "llm_calls").GetProperty("rows").GetInt64()));
        Assert.Equal(1, Table(report, "llm_calls").GetProperty("rows_a_day").GetDouble());
        Assert.False(Table(report, "llm_rollup_1d").TryGetProperty("days", out _));
        Assert.True(report.GetProperty("free_bytes").GetInt64() > 0);
        CommandLineRun people = await CommandLineRun.OfAsync("retention", "show", "--clickhouse", clickHouse, "--user", "reader");
        Assert.True(people.Code == 0 && people.Output.Contains("90 days", StringComparison.Ordinal), people.Output + people.Error);

        JsonElement dry = (await SetAsync("llm_calls", "--days", "10", "--dry-run", "--json")).Json();
        Assert.Equal((90, 10, 1L), (dry.GetProperty("days_before").GetInt32(), dry.GetProperty("days").GetInt32(), dry.GetProperty("rows_older").GetInt64()));
        Assert.Equal(90, await DaysAsync("llm_calls"));

        (await SetAsync("llm_calls", "--days", "10", "--json")).Json();
        Assert.Equal(10, await DaysAsync("llm_calls"));
        await process.AskAsync("OPTIMIZE TABLE llm_calls FINAL", _cancellation);
        await process.AskUntilAsync("SELECT groupArray(service) FROM llm_calls", "['new']", Bound, _cancellation);

        (await SetAsync("llm_rollup_1d", "--days", "800", "--json")).Json();
        Assert.Equal(800, await DaysAsync("llm_rollup_1d"));
        (await SetAsync("llm_rollup_1d", "--forever", "--json")).Json();
        Assert.Null(await DaysAsync("llm_rollup_1d"));

        (await SetAsync("schema_migrations", "--days", "10")).AssertRefused(NotDone, "--table \"schema_migrations\"", "llm_calls, llm_spans");
        (await SetAsync("llm_calls; DROP TABLE llm_calls", "--days", "10")).AssertRefused(NotDone, "allowed: llm_calls");
        (await SetAsync("span_log_batches", "--days", "6")).AssertRefused(NotDone, "--days 6: span_log_batches allows 7 to 3650", "counted twice");
        (await SetAsync("llm_content", "--days", "3651")).AssertRefused(NotDone, "--days 3651: llm_content allows 1 to 3650");
        (await SetAsync("llm_content")).AssertRefused(NotDone, "either --days N or --forever");
        (await SetAsync("llm_content", "--days", "3", "--user", "reader")).AssertRefused(NotDone, "READONLY");

        async Task<CommandLineRun> SetAsync(string table, params string[] more) =>
            await CommandLineRun.OfAsync(["retention", "set", "--table", table, "--clickhouse", clickHouse, .. more]);

        async Task<int?> DaysAsync(string table)
        {
            string days = await process.AskAsync($"SELECT extract(engine_full, 'toIntervalDay.(\\\\d+)') FROM system.tables WHERE database = 'telemetry' AND name = '{table}'", _cancellation);
            return days.Length == 0 ? null : int.Parse(days, CultureInfo.InvariantCulture);
        }
    }

    private static JsonElement Table(JsonElement report, string name) => report.GetProperty("tables").EnumerateArray().Single(t => t.GetProperty("table").GetString() == name);
}
