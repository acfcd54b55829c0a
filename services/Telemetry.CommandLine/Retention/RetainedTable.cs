namespace Telemetry.CommandLine.Retention;

/// <summary>A table whose retention can be set. The list is fixed: names and expressions in statements come from here alone.</summary>
/// <param name="Name">The table.</param>
/// <param name="Column">The column that a row's age counts from: its arrival.</param>
/// <param name="Expires">The same as the TTL wants it, a DateTime.</param>
/// <param name="FewestDays">Least retention that leaves everything working.</param>
/// <param name="Why">Why not less.</param>
internal sealed record RetainedTable(string Name, string Column, string Expires, int FewestDays, string Why)
{
    /// <summary>Longest retention.</summary>
    public const int MostDays = 3650;

    private const string WindowReason = "the Processor looks a day back for copies and wrappers when it starts";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RetainedTable> All { get; } =
    [
        Of("llm_calls", "ingested_at", 2, WindowReason),
        Of("llm_spans", "ingested_at", 2, WindowReason),
        Of("llm_content", "ingested_at"),
        Of("llm_scores", "ingested_at"),
        Of("llm_reviews", "at"),
        Of("llm_eval_results", "at"),
        Of("llm_eval_runs", "started_at"),
        new("llm_rollup_1m", "updated_at", "updated_at", 1, "a day is the unit"),
        new("llm_rollup_1h", "updated_at", "updated_at", 1, "a day is the unit"),
        new("llm_rollup_1d", "updated_at", "updated_at", 1, "a day is the unit"),
        Of("llm_reprices", "at"),
        Of("llm_anomalies", "at", 30, "an anomaly that goes on must stay known"),
        Of("alert_incidents", "recorded_at", 8, "what is owed is looked for a week back"),
        Of("alert_deliveries", "at", 30, "a notification whose delivery is forgotten would be sent again"),
        Of("llm_judge_requests", "window_start", 8, "what is pending is looked for a week back"),
        Of("llm_judge_outcomes", "window_start", 8, "what is pending is looked for a week back"),
        Of("llm_judge_strata", "window_start", 2, "floors count the calls of a day"),
        Of("llm_judge_windows", "window_start", 2, "the judge goes on where it stopped"),
        new("llm_judge_spend", "day", "day", 2, "a day's budget counts what the day has spent"),
        Of("dead_letters", "ingested_at"),
        Of("dead_letter_replays", "at"),
        Of("span_log_batches", "at", 7, "a batch whose note has gone is counted twice when it is replayed"),
        Of("span_log_progress", "at"),
        Of("span_log_claims", "at", 30, "a claim must outlast the Processor that made it"),
    ];

    /// <summary>The table of that name; null when there is none.</summary>
    public static RetainedTable? Find(string name) => All.FirstOrDefault(t => t.Name == name);

    private static RetainedTable Of(string name, string column, int fewestDays = 1, string why = "a day is the unit") =>
        new(name, column, $"toDateTime({column})", fewestDays, why);
}
