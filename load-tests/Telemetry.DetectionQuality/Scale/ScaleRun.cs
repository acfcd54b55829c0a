using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Migrations;
using Telemetry.Detection;

namespace Telemetry.DetectionQuality.Scale;

/// <summary>How long the detection takes with many keys: after a restart, when what is usual is rebuilt from the rollups, and minute by minute afterwards.</summary>
internal static class ScaleRun
{
    private const int Ticks = 10;

    // A service has a key of its own, two models, a prompt and a tenant.
    private const int KeysAService = 5;

    // A minute of each service and model, straight into the rollup; its hours follow by themselves.
    private const string Fill =
        """
        INSERT INTO llm_rollup_1m (ts, tenant, service, model_requested, operation, prompt_name, prompt_version, status, calls, errors, calls_with_ttft, input_tokens, cached_tokens,
            output_tokens, cost_usd, ttft_ms_state, duration_ms_state, tokens_per_second_state, updated_at)
        SELECT ts, tenant, service, model, 'chat', 'prompt', '1', 'ok', 5, 0, 5, 4500, 2000, 1300, toDecimal128(0.02, 12),
            quantilesDDState(0.01, 0.5, 0.9, 0.95, 0.99)(value * 400) AS first, quantilesDDState(0.01, 0.5, 0.9, 0.95, 0.99)(value * 2500), quantilesDDState(0.01, 0.5, 0.9, 0.95, 0.99)(120 / value), max(ts)
        FROM
        (
            SELECT toDateTime({from:UInt32} + intDiv(number, {services:UInt32} * 10) * 60, 'UTC') AS ts, intDiv(number, 10) % {services:UInt32} AS s, toString(s) AS suffix,
                concat('tenant-', suffix) AS tenant, concat('service-', suffix) AS service, if(number % 10 < 5, 'gpt-4o', 'gpt-4o-mini') AS model,
                exp(0.4 * (cityHash64(number, {from:UInt32}) % 2000 / 1000. - 1)) AS value
            FROM numbers({minutes:UInt32} * {services:UInt32} * 10)
        )
        GROUP BY ts, tenant, service, model
        """;

    private const string Pass =
        """
        INSERT INTO span_log_progress (topic, partition, log_id, partitions, passed_at, processor, at)
        SELECT 'llm.spans', 0, '', 1, toDateTime64({at:UInt32}, 3, 'UTC'), 'scale', toDateTime64({at:UInt32}, 3, 'UTC')
        """;

    /// <summary>Fills a database and measures.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public static async Task RunAsync(Uri url, int keys, int days, TextWriter output, CancellationToken cancellation)
    {
        const int HoursADay = 24;
        const int HoursAtOnce = 3;
        using HttpClient http = ClickHouseClient.CreateHttpClient();
        var client = new ClickHouseClient(http, new ClickHouseOptions { Url = url, Database = string.Create(CultureInfo.InvariantCulture, $"scale_{Stopwatch.GetTimestamp()}") });
        await new MigrationRunner(client, Migrations.LoadEmbedded(), NullLogger<MigrationRunner>.Instance, TimeProvider.System).RunAsync(cancellation);
        int services = Math.Max(1, keys / KeysAService);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset end = new(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        for (int hours = days * HoursADay; hours > 0; hours -= HoursAtOnce)
        {
            await FillAsync(client, end.AddHours(-hours), services, HoursAtOnce * 60, cancellation);
        }

        await output.WriteLineAsync("filled");

        var time = new StandingTime { Now = end.AddSeconds(20) };
        var loop = new DetectionLoop(client, new DetectionOptions { MaxKeys = services * KeysAService, HistoryDays = Math.Min(30, days) }, "scale", NullLoggerFactory.Instance, time);
        await client.ExecuteAsync(Pass, new Dictionary<string, object?> { ["at"] = (uint)time.Now.ToUnixTimeSeconds() }, cancellation);
        await output.WriteLineAsync(await MeasureAsync($"{services * KeysAService} keys, {days} days: the first look, after a restart", loop, cancellation));
        for (int minute = 0; minute < Ticks; minute++)
        {
            await FillAsync(client, end.AddMinutes(minute), services, 1, cancellation);
            time.Now = end.AddMinutes(minute + 1).AddSeconds(20);
            await client.ExecuteAsync(Pass, new Dictionary<string, object?> { ["at"] = (uint)time.Now.ToUnixTimeSeconds() }, cancellation);
            await output.WriteLineAsync(await MeasureAsync("one minute more", loop, cancellation));
        }
    }

    private static async Task<string> MeasureAsync(string what, DetectionLoop loop, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        await loop.TickAsync(cancellation);
        double megabytes = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s, {(Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds:0.00} s of our processor, {megabytes:0} MB held");
    }

    private static Task FillAsync(ClickHouseClient client, DateTimeOffset from, int services, int minutes, CancellationToken cancellation) => client.ExecuteAsync(
        Fill, new Dictionary<string, object?> { ["from"] = (uint)from.ToUnixTimeSeconds(), ["services"] = services, ["minutes"] = minutes }, cancellation);

    private sealed class StandingTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
