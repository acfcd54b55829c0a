using Telemetry.Query.Ask;

namespace Telemetry.Console.Prometheus;

/// <summary>What the golden signals are read from: the rollup of days, which is kept for ever, so that counters only grow.</summary>
internal static class SignalStatements
{
    /// <summary>Labels of counters.</summary>
    public static readonly IReadOnlyList<(string Label, string Column)> CounterLabels =
        [("service", "service"), ("environment", "environment"), ("provider", "provider"), ("model", "model_requested"), ("operation", "operation")];

    /// <summary>Labels of histograms.</summary>
    public static readonly IReadOnlyList<(string Label, string Column)> HistogramLabels = [("service", "service"), ("model", "model_requested")];

    /// <summary>Counters of all times.</summary>
    public static Statement Counters(int series) => new(
        "counters",
        $$"""
        WITH kept AS ({{Kept(CounterLabels)}})
        SELECT
            {{Keys(CounterLabels)}},
            sum(r.calls) AS calls, sum(r.errors) AS errors, sum(r.input_tokens) AS input_tokens, sum(r.cached_tokens) AS cached_tokens, sum(r.output_tokens) AS output_tokens,
            sum(r.cost_usd) AS cost_usd, sum(r.calls_unpriced) AS unpriced_calls
        FROM llm_rollups AS r
        WHERE r.resolution = 86400
        GROUP BY {{Names(CounterLabels)}}
        ORDER BY {{Names(CounterLabels)}}
        """,
        new Dictionary<string, object?> { ["series"] = series }, [Column.Text("service", "")]);

    /// <summary>States of first tokens and durations, of the days from one on, or before it.</summary>
    public static Statement Histograms(int series, DateTimeOffset day, bool before) => new(
        "histograms",
        $$"""
        WITH kept AS ({{Kept(HistogramLabels)}})
        SELECT
            {{Keys(HistogramLabels)}},
            hex(quantilesDDMergeState(0.01, 0.5, 0.9, 0.95, 0.99)(r.ttft_ms_state)) AS ttft,
            hex(quantilesDDMergeState(0.01, 0.5, 0.9, 0.95, 0.99)(r.duration_ms_state)) AS duration
        FROM llm_rollups AS r
        WHERE r.resolution = 86400 AND r.ts {{(before ? "<" : ">=")}} {day:DateTime('UTC')}
        GROUP BY {{Names(HistogramLabels)}}
        ORDER BY {{Names(HistogramLabels)}}
        """,
        new Dictionary<string, object?> { ["series"] = series, ["day"] = day }, [Column.Text("service", "")]);

    /// <summary>What holds now.</summary>
    public static Statement Gauges() => new(
        "gauges",
        """
        SELECT
            (SELECT countIf(severity = 'critical') FROM alert_incidents_now WHERE state IN ('firing', 'acknowledged')) AS critical,
            (SELECT countIf(severity = 'warning') FROM alert_incidents_now WHERE state IN ('firing', 'acknowledged')) AS warning,
            (SELECT countIf(severity = 'info') FROM alert_incidents_now WHERE state IN ('firing', 'acknowledged')) AS info,
            (SELECT count() FROM llm_anomalies_now WHERE state = 'open') AS anomalies,
            (SELECT if(count() = 0, NULL, greatest(0, toFloat64(now64(3)) - toFloat64(min(passed)))) FROM (SELECT max(passed_at) AS passed FROM span_log_progress WHERE topic = 'llm.spans' GROUP BY partition)) AS seconds_behind
        """,
        new Dictionary<string, object?>(), [Column.Integer("critical", "")]);

    // The first that came keep their series for ever: a series that gave its place up would fall back, and Prometheus would take that for a restart.
    private static string Kept(IReadOnlyList<(string Label, string Column)> labels) =>
        $"SELECT {Tuple(labels)} AS key FROM llm_rollups AS r WHERE r.resolution = 86400 GROUP BY key ORDER BY min(r.ts), key LIMIT {{series:UInt32}}";

    private static string Keys(IReadOnlyList<(string Label, string Column)> labels) =>
        string.Join(",\n    ", labels.Select(l => $"if({Tuple(labels)} IN (SELECT key FROM kept), toString(r.{l.Column}), '(other)') AS {l.Label}"));

    private static string Tuple(IReadOnlyList<(string Label, string Column)> labels) => $"tuple({string.Join(", ", labels.Select(l => "r." + l.Column))})";

    private static string Names(IReadOnlyList<(string Label, string Column)> labels) => string.Join(", ", labels.Select(l => l.Label));
}
