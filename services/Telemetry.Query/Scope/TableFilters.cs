using System.Text;

namespace Telemetry.Query.Scope;

/// <summary>
/// The rows of each table that a scope lets through, as ClickHouse's setting <c>additional_table_filters</c>: the engine itself applies it to whatever a statement
/// reads, through views and subqueries too, so that no statement has to think of it. See docs/decisions/0096.
/// </summary>
internal static class TableFilters
{
    private const string Nothing = "0";

    // Tables with a column of that name.
    private static readonly string[] s_withTenant =
    [
        "llm_calls", "llm_spans", "llm_content", "llm_scores", "llm_anomalies", "llm_rollup_1m", "llm_rollup_1h", "llm_rollup_1d", "llm_judge_strata", "llm_judge_requests",
    ];

    // What belongs to no tenant, or to all of them: nobody who sees some tenants sees it.
    private static readonly string[] s_withoutTenant =
    [
        "llm_reprices", "span_log_batches", "span_log_claims", "span_log_progress", "dead_letters", "dead_letter_replays", "alert_claims", "alert_claim_signs",
        "alert_deliveries", "alert_acknowledgements", "alert_silences", "schema_migrations", "access_audit",
        "judge_claims", "judge_claim_signs", "llm_judge_windows", "llm_judge_outcomes", "llm_judge_spend", "llm_reviews", "llm_eval_runs", "llm_eval_results",
    ];

    /// <summary>Every table that is filtered for somebody who sees some tenants only.</summary>
    public static IEnumerable<string> Tables => s_withTenant.Concat(s_withoutTenant).Append("alert_incidents");

    /// <summary>The value of the setting; null when the scope lets everything through.</summary>
    public static string? Of(AccessScope scope, string database)
    {
        var filters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (scope.Tenants is { } tenants)
        {
            string list = string.Join(", ", tenants.Select(Quote));
            string among = tenants.Count == 0 ? Nothing : $"tenant IN ({list})";
            foreach (string table in s_withTenant)
            {
                filters[table] = among;
            }

            foreach (string table in s_withoutTenant)
            {
                filters[table] = Nothing;
            }

            filters["alert_incidents"] = tenants.Count == 0 ? Nothing : $"labels['tenant'] IN ({list})";
        }

        if (!scope.MayReadContent)
        {
            filters["llm_content"] = Nothing;

            // Records that could not be read are kept whole, with what was said in them.
            filters["dead_letters"] = Nothing;

            // What models answered to golden sets.
            filters["llm_eval_results"] = Nothing;
        }

        return filters.Count == 0 ? null : $"{{{string.Join(", ", filters.Select(f => $"{Quote($"{database}.{f.Key}")}: {Quote(f.Value)}"))}}}";
    }

    /// <summary>A text as a literal of ClickHouse's SQL.</summary>
    internal static string Quote(string text)
    {
        var literal = new StringBuilder(text.Length + 2).Append('\'');
        foreach (char c in text)
        {
            _ = c is '\'' or '\\' ? literal.Append('\\').Append(c) : literal.Append(c);
        }

        return literal.Append('\'').ToString();
    }
}
