using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>The first page: golden signals now and in the same time before, spending, what is wrong, how fresh it is.</summary>
internal static class OverviewQuestion
{
    /// <summary>What is shown of a range.</summary>
    public static readonly IReadOnlyList<Metric> Signals = Metric.Of(
        "calls", "errors", "error_rate", "ttft_p50_ms", "ttft_p95_ms", "duration_p50_ms", "duration_p95_ms", "duration_p99_ms", "tokens_per_second_p50",
        "input_tokens", "cached_tokens", "output_tokens", "cost_usd", "unpriced_calls", "calls_with_ttft");

    private static readonly Column[] s_trouble =
    [
        Column.Integer("open_incidents", "Incidents that fire or are acknowledged"),
        Column.Integer("critical_incidents", "Critical ones of them"),
        Column.Integer("unacknowledged_incidents", "Those that nobody has acknowledged"),
        Column.Integer("open_anomalies", "Anomalies that go on"),
    ];

    private static readonly Column[] s_freshness =
    [
        Column.Time("last_call_at", "Start of the newest call of the last two days; null when there is none", nullable: true),
        Column.Number("seconds_behind", "How far behind the clock the slowest partition of the span log is; null when no Processor has reported in two days"),
    ];

    /// <summary>The statements, by the names of their parts in the answer.</summary>
    public static IReadOnlyList<Statement> Ask(TimeRange range, Selection selection) =>
    [
        Signal("now", range, selection), Signal("before", range.Before, selection), SpendQuestion.Ask(range, selection), Trouble(), Freshness(),
    ];

    private static Statement Signal(string name, TimeRange range, Selection selection)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal);
        string sql = $"""
            SELECT
                {string.Join(",\n    ", Signals.Select(m => m.Select(rollup: true)))}
            {Sources.Rollups(range, selection, parameters)}
            """;
        return new Statement(name, sql, parameters, [.. Signals.Select(m => m.Column)]);
    }

    private static Statement Trouble() => new(
        "trouble",
        """
        SELECT
            (SELECT count() FROM alert_incidents_now WHERE state IN ('firing', 'acknowledged')) AS open_incidents,
            (SELECT count() FROM alert_incidents_now WHERE state IN ('firing', 'acknowledged') AND severity = 'critical') AS critical_incidents,
            (SELECT count() FROM alert_incidents_now WHERE state = 'firing') AS unacknowledged_incidents,
            (SELECT count() FROM llm_anomalies_now WHERE state = 'open') AS open_anomalies
        """,
        new Dictionary<string, object?>(), s_trouble);

    private static Statement Freshness() => new(
        "freshness",
        """
        SELECT
            (SELECT nullIf(max(ts), toDateTime64(0, 9, 'UTC')) FROM llm_calls WHERE ingested_at >= now() - INTERVAL 2 DAY AND ts <= now() + INTERVAL 1 HOUR) AS last_call_at,
            (SELECT if(count() = 0, NULL, greatest(0, toFloat64(now64(3)) - toFloat64(min(passed)))) FROM (SELECT max(passed_at) AS passed FROM span_log_progress WHERE topic = 'llm.spans' GROUP BY partition)) AS seconds_behind
        """,
        new Dictionary<string, object?>(), s_freshness);
}
