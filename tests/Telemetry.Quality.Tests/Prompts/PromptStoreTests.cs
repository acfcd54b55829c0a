using Telemetry.ClickHouse.Client;
using Telemetry.Quality.Compare;
using Telemetry.Quality.Prompts;
using Telemetry.Quality.Tests.Support;

namespace Telemetry.Quality.Tests.Prompts;

/// <summary>Versions of prompts on the real engine, from traffic whose figures are known.</summary>
public sealed class PromptStoreTests(ClickHouseFixture clickHouse)
{
    // Version 1 for ten hours, version 2 for five, then version 1 again for five; 20 calls an hour.
    // Hours 20 to 23 are an experiment of both, in which nobody is in charge.
    private const string Traffic =
        """
        INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, provider, model_requested, operation, status, prompt_name, prompt_version, user_id, response_id, input_tokens, output_tokens, tokens_source, cost_usd, duration_ms, ttft_ms, flags, finish_reasons, ingested_at)
        SELECT
            toStartOfHour(now()) - INTERVAL 30 HOUR + toIntervalHour(hour) + toIntervalSecond(n % 20) AS at,
            leftPad(lower(hex(n + 1)), 32, '0'), leftPad(lower(hex(n + 1)), 16, '0'), 'default', 'shop', 'openai', 'gpt-4o-mini', 'chat',
            if(n % 20 = 19, 'error', 'ok'), 'triage',
            multiIf(hour < 10, '1', hour < 15, '2', hour < 20, '1', n % 2 = 0, '1', '2') AS version,
            concat('u', toString(n)), concat('r', toString(n)), 100, 50, 'reported', toDecimal64(if(version = '1', 0.001, 0.002), 12), if(version = '1', 1000, 500), 100, if(n % 10 = 0, ['truncated'], []), ['stop'],
            at
        FROM (SELECT number AS n, intDiv(number, 20) AS hour FROM numbers(480))
        """;

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Versions_have_their_calls_costs_speed_quality_feedback_and_flags()
    {
        ClickHouseClient client = await TrafficAsync();
        IReadOnlyList<PromptVersion> versions = await new PromptStore(client).VersionsAsync("triage", "", _cancellation);

        Assert.Equal(["1", "2"], versions.Select(v => v.Version));
        PromptVersion first = versions[0];
        Assert.Equal((340L, 0.34m, 0.001, 150.0), (first.Calls, first.CostUsd, Math.Round(first.UsdPerCall!.Value, 9), first.TokensPerCall!.Value));
        Assert.InRange(first.DurationP95Milliseconds!.Value, 985, 1015);
        // 300 calls alone, of which every twentieth failed and every tenth was flagged; in the 40 of the experiment all even ones, of which every fifth was flagged.
        Assert.Equal((15 / 340.0, 38 / 340.0), (first.ErrorShare, first.FlaggedShare!.Value));
        Assert.Equal((0L, 140L), (versions[1].Judgements - 2, versions[1].Calls));
        // One judged call stands for ten others, one for itself: (10 * 0.5 + 1 * 1) / 11.
        Assert.Equal(6 / 11.0, versions[1].Quality!.Value, 9);
        Assert.Equal((0.25, 2L), (first.Feedback!.Value, first.Opinions));
    }

    [Fact]
    public async Task An_older_version_that_comes_back_is_a_rollback_and_an_experiment_is_none()
    {
        var store = new PromptStore(await TrafficAsync());
        Assert.Equal(["first>1", "deployed1>2", "rolled_back2>1"], (await store.ChangesAsync("triage", "shop", _cancellation)).Select(c => $"{c.Kind}{c.From}>{c.To}"));
        PromptPace pace = Assert.Single(await store.ListAsync("", _cancellation));
        Assert.Equal((2L, 1L, 1L, 1.0, 7.0), (pace.Versions, pace.Deployments, pace.Rollbacks, pace.RollbackRate, Math.Round(pace.DeploymentsPerWeek, 6)));
        Assert.Empty(await store.ChangesAsync("triage", "other", _cancellation));
    }

    [Fact]
    public async Task Judgements_belong_to_the_call_that_they_name_by_span_trace_or_response()
    {
        ClickHouseClient client = await TrafficAsync();
        ClickHouseResult rows = await client.QueryAsync("SELECT name, call_span_id, prompt_version FROM llm_judged_calls WHERE source = 'human' ORDER BY name", null, _cancellation);
        Assert.Equal(
            ["by response|0000000000000005|1", "by span|0000000000000003|1", "by trace|0000000000000004|1", "of a wrapper|0000000000000006|1", "unknown||"],
            rows.Rows.Select(r => $"{r.GetString("name")}|{r.GetString("call_span_id")}|{r.GetString("prompt_version")}"));
    }

    [Fact]
    public async Task A_comparison_takes_the_hours_of_both_and_says_what_is_better()
    {
        ClickHouseClient client = await DatabaseWithAsync(
            """
            INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, status, prompt_name, prompt_version, user_id, cost_usd, duration_ms, ingested_at)
            SELECT now() - INTERVAL 2 DAY + toIntervalSecond(number * 20) AS at, leftPad(lower(hex(number + 1)), 32, '0'), leftPad(lower(hex(number + 1)), 16, '0'), 'default', 'shop',
                if(cityHash64(number, 7) % 1500 = 0, 'error', 'ok'), 'triage', if(number % 2 = 0, 'a', 'b'), concat('user-', toString(number % 3000)), toDecimal64((1 + cityHash64(number) % 100 / 100) * if(number % 2 = 0, 0.001, 0.0007), 12),
                800 + cityHash64(number, 1) % 400, at
            FROM numbers(6000)
            """);
        var question = new ComparisonQuestion { Prompt = "triage", Baseline = "a", Candidate = "b", From = TimeProvider.System.GetUtcNow().AddDays(-7), To = TimeProvider.System.GetUtcNow(), Goal = ComparedMetric.Cost };
        ComparisonReport report = await new PromptComparer(client).CompareAsync(question, _cancellation);

        Assert.True(report.Verdict.Decision == Decision.Ship, report.Verdict.Because);
        Assert.Equal((3000L, 3000L), (report.BaselineCalls, report.CandidateCalls));
        MetricResult cost = report.Verdict.Metrics.Single(m => m.Metric == ComparedMetric.Cost);
        // The truth lies within, and users are what is counted, not calls.
        Assert.InRange(-0.000446, cost.Difference.Low, cost.Difference.High);
        Assert.Equal((1500L, 3000L), (cost.Baseline.Clusters, cost.Baseline.Observations));
        Assert.Equal(MetricState.NotWorse, report.Verdict.Metrics.Single(m => m.Metric == ComparedMetric.Latency).State);
        Assert.Equal(MetricState.NotMeasured, report.Verdict.Metrics.Single(m => m.Metric == ComparedMetric.Quality).State);
        QuantileResult p95 = report.Quantiles.Single(q => q.Name == "latency_p95");
        Assert.InRange(p95.Candidate!.Value, 1150, 1200);
        Assert.True(p95.Difference.Low < 0 && p95.Difference.High > 0);

        ComparisonReport unknown = await new PromptComparer(client).CompareAsync(question with { Candidate = "c" }, _cancellation);
        Assert.Equal(Decision.NotEnoughData, unknown.Verdict.Decision);
        Assert.Contains(unknown.Warnings, w => w.Contains("never called in the same hour", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_figures_of_the_field_are_those_of_their_definitions()
    {
        ClickHouseClient client = await DatabaseWithAsync(
            """
            INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, status, user_id, session_id, input_tokens, cached_tokens, output_tokens, cost_usd, flags, ingested_at) VALUES
                (toStartOfDay(now()), 'a', '1', 'default', 'shop', 'ok', 'u1', 's1', 800, 200, 200, 0.01, [], now()),
                (toStartOfDay(now()), 'b', '2', 'default', 'shop', 'ok', 'u1', 's2', 800, 600, 200, 0.03, ['content_filter'], now()),
                (toStartOfDay(now()), 'c', '3', 'default', 'shop', 'error', 'u2', '', NULL, NULL, NULL, NULL, [], now()),
                (toStartOfDay(now()), 'd', '4', 'default', 'shop', 'ok', 'u3', 's3', 400, 0, 400, NULL, [], now())
            """);
        ClickHouseRow row = Assert.Single((await client.QueryAsync("SELECT * FROM llm_field_metrics", null, _cancellation)).Rows);
        Assert.Equal((0.02, 0.04, 0.02), (row.GetDouble("usd_per_1k_tokens"), row.GetDouble("usd_per_user"), row.GetDouble("usd_per_session")));
        Assert.Equal((800 / 2000.0, 800 / 2000.0, 0.75, 0.75), (row.GetDouble("token_efficiency"), row.GetDouble("cache_hit_rate"), row.GetDouble("availability"), row.GetDouble("safety_compliance")));
    }

    private async Task<ClickHouseClient> DatabaseWithAsync(string sql)
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await client.ExecuteAsync(sql, null, _cancellation);
        return client;
    }

    private async Task<ClickHouseClient> TrafficAsync()
    {
        ClickHouseClient client = await DatabaseWithAsync(Traffic);
        await client.ExecuteAsync(
            "INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, name, source, value, probability) SELECT ts, trace_id, span_id, tenant, service, 'truncated', 'rule', 1, 1 FROM llm_calls WHERE has(flags, 'truncated')", null, _cancellation);
        await client.ExecuteAsync(
            """
            INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, response_id, score_id, name, source, value, probability)
            WITH (SELECT min(span_id) FROM llm_calls WHERE prompt_version = '2') AS second
            SELECT now(), leftPad(span, 32, '0'), if(whole, '', span), 'default', '', '', id, name, source, value, probability
            FROM
            (
                SELECT arrayJoin([
                    (second, false, 'j1', 'relevance', 'judge', 0.5, 0.1), (lower(leftPad(hex(reinterpretAsUInt64(reverse(unhex(second))) + 1), 16, '0')), false, 'j2', 'relevance', 'judge', 1., 1.),
                    ('0000000000000001', true, 'f1', 'thumbs', 'user', 0., 1.), ('0000000000000002', false, 'f2', 'thumbs', 'user', 0.5, 1.),
                    ('0000000000000003', false, 'h1', 'by span', 'human', 1., 1.), ('0000000000000004', true, 'h2', 'by trace', 'human', 1., 1.)]) AS s,
                    s.1 AS span, s.2 AS whole, s.3 AS id, s.4 AS name, s.5 AS source, s.6 AS value, s.7 AS probability
            )
            """,
            null,
            _cancellation);
        await client.ExecuteAsync(
            """
            INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, response_id, score_id, name, source, value, probability) VALUES
                (now(), '', '', 'default', '', 'r4', 'h3', 'by response', 'human', 1, 1), (now(), '', '', 'default', '', 'nobody', 'h4', 'unknown', 'human', 1, 1),
                (now(), '00000000000000000000000000000006', 'bbbbbbbbbbbbbbbb', 'default', '', '', 'h5', 'of a wrapper', 'human', 1, 1)
            """,
            null,
            _cancellation);
        return client;
    }
}
