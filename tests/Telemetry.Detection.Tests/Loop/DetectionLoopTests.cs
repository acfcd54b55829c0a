using System.Globalization;

namespace Telemetry.Detection.Tests.Loop;

/// <summary>From rows of <c>llm_calls</c> to rows of <c>llm_anomalies</c>, on the real engine.</summary>
public sealed class DetectionLoopTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slow_calls_are_told_with_traces_that_exist_and_are_over_when_they_are_over()
    {
        Scene scene = await Scene.OpenAsync(clickHouse);
        DetectionLoop loop = scene.NewLoop();
        await scene.LookAsync(loop, 0);
        Assert.Empty(await scene.AskAsync("SELECT * FROM llm_anomalies"));

        await scene.Traffic.CallAsync(Scene.Service, scene.Start, 3, Scene.PerMinute, slower: 4, errorShare: 0.01);
        await scene.LookAsync(loop, 3);

        Assert.Equal(["latency_p50", "latency_p95", "tokens_per_second", "ttft_p50", "ttft_p95"], await scene.OpenMetricsAsync());
        string[] row = [.. await scene.AskAsync("SELECT arrayJoin([service, model, operation, kind::String, direction::String, unit]) FROM llm_anomalies_now WHERE metric = 'ttft_p50' AND scope = 'service_model'")];
        Assert.Equal([Scene.Service, "gpt-4o", "chat", "shift", "up", "ms"], row);
        Assert.Equal(["1"], await scene.AskAsync("SELECT observed > 3 * expected AND expected BETWEEN range_low AND range_high AND observed > range_high AND score > 5 FROM llm_anomalies_now WHERE metric = 'ttft_p50' AND scope = 'service_model'"));
        Assert.Equal(["5 1"], await scene.AskAsync(
            "SELECT length(exemplars), (SELECT min(ttft_ms) FROM llm_calls WHERE has(exemplars_of, trace_id)) > 1000 FROM (SELECT exemplars, exemplars AS exemplars_of FROM llm_anomalies_now WHERE metric = 'ttft_p50' AND scope = 'service_model')".Replace(
                "has(exemplars_of, trace_id)", "trace_id IN (SELECT arrayJoin(exemplars) FROM llm_anomalies_now WHERE metric = 'ttft_p50' AND scope = 'service_model')", StringComparison.Ordinal)));

        await scene.Traffic.CallAsync(Scene.Service, scene.Start.AddMinutes(3), 15, Scene.PerMinute, errorShare: 0.01);
        await scene.LookAsync(loop, 18);
        Assert.Empty(await scene.AskAsync("SELECT metric FROM llm_anomalies_now WHERE state = 'open'"));
        Assert.Equal(["closed 1"], await scene.AskAsync("SELECT DISTINCT state::String, isNotNull(closed_at) FROM llm_anomalies_now"));
        Assert.Equal(["1"], await scene.AskAsync("SELECT max(n) <= 4 FROM (SELECT count() AS n FROM llm_anomalies GROUP BY anomaly_id)"));
    }

    [Fact]
    public async Task Errors_and_a_silent_service_are_told()
    {
        Scene scene = await Scene.OpenAsync(clickHouse);
        DetectionLoop loop = scene.NewLoop();
        await scene.LookAsync(loop, 0);
        await scene.Traffic.CallAsync(Scene.Service, scene.Start, 2, Scene.PerMinute, errorShare: 0.5);
        await scene.LookAsync(loop, 2);
        Assert.Equal(["error_rate"], await scene.OpenMetricsAsync());
        Assert.Equal(["1"], await scene.AskAsync(
            "SELECT count() = 5 FROM llm_calls WHERE status = 'error' AND trace_id IN (SELECT arrayJoin(exemplars) FROM llm_anomalies_now WHERE metric = 'error_rate' AND scope = 'service')"));

        await scene.LookAsync(loop, 4);
        Assert.Contains("request_rate", await scene.OpenMetricsAsync());
        Assert.Equal(["silence critical 0"], await scene.AskAsync("SELECT kind::String, severity::String, length(exemplars) FROM llm_anomalies_now WHERE metric = 'request_rate' AND scope = 'service'"));
    }

    [Fact]
    public async Task A_processor_that_stands_still_makes_no_silence()
    {
        Scene scene = await Scene.OpenAsync(clickHouse);
        DetectionLoop loop = scene.NewLoop();
        await scene.LookAsync(loop, 0);
        DateTimeOffset closed = loop.LookedAtUntil!.Value;

        // One partition goes on, empty of calls; the other one, where they all are, does not.
        scene.Time.Now = scene.Start.AddMinutes(5);
        await scene.Traffic.PassAsync(scene.Time.Now, scene.Time.Now, scene.Start.AddSeconds(20));
        await loop.TickAsync(_cancellation);
        Assert.Equal(closed, loop.LookedAtUntil);
        Assert.Null(loop.Problem);

        scene.Time.Now = scene.Start.AddMinutes(30);
        await scene.Traffic.ReportAsync(0, 2, scene.Time.Now, scene.Time.Now);
        await loop.TickAsync(_cancellation);
        Assert.Contains("llm.spans/1", loop.Problem, StringComparison.Ordinal);
        Assert.True(loop.LookedAtUntil > closed);
        Assert.Empty(await scene.AskAsync("SELECT metric, why FROM llm_anomalies"));

        // It comes back and writes what it had: late, but no anomaly either.
        await scene.Traffic.CallAsync(Scene.Service, scene.Start, 31, Scene.PerMinute, errorShare: 0.01);
        await scene.LookAsync(loop, 31);
        Assert.Null(loop.Problem);
        Assert.Empty(await scene.AskAsync("SELECT metric, why FROM llm_anomalies"));
    }

    [Fact]
    public async Task A_partition_that_nobody_reports_holds_minutes_back()
    {
        Scene scene = await Scene.OpenAsync(clickHouse);
        DetectionLoop loop = scene.NewLoop();
        scene.Time.Now = scene.Start.AddSeconds(20);
        await scene.Traffic.ReportAsync(0, 2, scene.Time.Now, scene.Time.Now);
        await loop.TickAsync(_cancellation);
        Assert.Null(loop.LookedAtUntil);
        await scene.Traffic.ReportAsync(1, 2, scene.Time.Now, scene.Time.Now);
        await loop.TickAsync(_cancellation);
        Assert.Equal(scene.Start, loop.LookedAtUntil);
    }

    [Fact]
    public async Task Two_instances_and_restarts_record_each_anomaly_once()
    {
        Scene scene = await Scene.OpenAsync(clickHouse);
        DetectionLoop first = scene.NewLoop();
        DetectionLoop second = scene.NewLoop();
        await scene.LookAsync(first, 0);
        await second.TickAsync(_cancellation);
        await scene.Traffic.CallAsync(Scene.Service, scene.Start, 3, Scene.PerMinute, slower: 4, errorShare: 0.01);
        await scene.LookAsync(first, 2);
        await second.TickAsync(_cancellation);
        await scene.LookAsync(first, 3);

        // One that starts in the middle looks at the last minutes again, and so does the one after it.
        await scene.NewLoop().TickAsync(_cancellation);
        DetectionLoop last = scene.NewLoop();
        await last.TickAsync(_cancellation);
        Assert.Equal(["1"], await scene.AskAsync("SELECT max(n) FROM (SELECT count() AS n FROM llm_anomalies_now GROUP BY scope, metric)"));
        Assert.Equal(["1"], await scene.AskAsync("SELECT max(n) FROM (SELECT count() AS n FROM llm_anomalies GROUP BY anomaly_id, revision)"));

        await scene.Traffic.CallAsync(Scene.Service, scene.Start.AddMinutes(3), 15, Scene.PerMinute, errorShare: 0.01);
        await scene.LookAsync(last, 18);
        await scene.NewLoop().TickAsync(_cancellation);
        await first.TickAsync(_cancellation);
        Assert.Equal(["0"], await scene.AskAsync("SELECT count() FROM llm_anomalies_now WHERE state = 'open'"));
        Assert.Empty(await scene.AskAsync(
            """
            SELECT toString((scope, metric, arraySort(groupArray((revision, state::String, detector, formatDateTime(opened_at, '%H:%i'), formatDateTime(last_at, '%H:%i'), why))))) FROM llm_anomalies
            GROUP BY scope, metric HAVING countIf(state = 'closed') != 1
            """));
    }

    [Fact]
    public async Task What_is_new_is_told_once()
    {
        Scene scene = await Scene.OpenAsync(clickHouse);
        DetectionLoop loop = scene.NewLoop();
        await scene.LookAsync(loop, 0);
        await scene.Traffic.CallAsync(Scene.Service, scene.Start, 2, Scene.PerMinute, errorShare: 0.01);
        await scene.Traffic.CallAsync(Scene.Service, scene.Start, 2, 3, model: "brand-new", priced: false, errorShare: 0.5, errorType: "exploded");
        await scene.LookAsync(loop, 1);
        await scene.LookAsync(loop, 2);
        await scene.NewLoop().TickAsync(_cancellation);
        Assert.Equal(
            ["new_error_type exploded warning", "new_model brand-new info", "unknown_price brand-new warning"],
            await scene.AskAsync("SELECT metric, subject, severity::String FROM llm_anomalies WHERE kind = 'novelty' ORDER BY metric"));
        Assert.Equal(["1"], await scene.AskAsync("SELECT min(length(exemplars)) > 0 FROM llm_anomalies WHERE kind = 'novelty'"));
    }

    [Fact]
    public async Task The_most_active_keys_are_watched_when_there_are_too_many()
    {
        Scene scene = await Scene.OpenAsync(clickHouse);
        await scene.Traffic.CallAsync("quiet", scene.Start.AddMinutes(-180), 180, 5);
        DetectionLoop loop = scene.NewLoop(keys: 4);
        await scene.LookAsync(loop, 0);
        await scene.Traffic.CallAsync("quiet", scene.Start, 3, 5, slower: 8);
        await scene.Traffic.CallAsync(Scene.Service, scene.Start, 3, Scene.PerMinute, slower: 8);
        await scene.LookAsync(loop, 3);
        Assert.Equal([Scene.Service], await scene.AskAsync("SELECT DISTINCT service FROM llm_anomalies WHERE service != ''"));
    }

    [Fact]
    public async Task A_judge_that_scores_lower_is_told()
    {
        Scene scene = await Scene.OpenAsync(clickHouse);
        DetectionLoop loop = scene.NewLoop();
        await ScoreAsync(scene, scene.Start.AddMinutes(-180), 180, 0.8);
        await scene.LookAsync(loop, 0);
        await scene.Traffic.CallAsync(Scene.Service, scene.Start, 6, Scene.PerMinute, errorShare: 0.01);
        await ScoreAsync(scene, scene.Start, 6, 0.4);
        await scene.LookAsync(loop, 6);
        Assert.Equal(["score relevance down"], await scene.AskAsync("SELECT metric, subject, direction::String FROM llm_anomalies_now WHERE state = 'open'"));
    }

    private Task ScoreAsync(Scene scene, DateTimeOffset from, int minutes, double mean) => scene.Client.ExecuteAsync(
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, name, source, value)
            SELECT {from:DateTime64(9)} + INTERVAL intDiv(number, 5) MINUTE, lower(hex(sipHash128(number, 'score'))), '', 'acme', '{{Scene.Service}}', 'relevance', 'judge',
                {mean:Float64} + 0.1 * (cityHash64(number) % 1000 / 500. - 1)
            FROM numbers({{minutes * 5}})
            """),
        new Dictionary<string, object?> { ["from"] = from, ["mean"] = mean },
        _cancellation);
}
