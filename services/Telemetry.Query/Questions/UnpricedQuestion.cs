using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>What could not be priced, and why.</summary>
internal static class UnpricedQuestion
{
    /// <summary>The columns.</summary>
    public static readonly IReadOnlyList<Column> Columns =
    [
        Column.Text("provider", "Provider"), Column.Text("model_requested", "Model that was asked for"), Column.Text("model_answered", "Model that answered"),
        Column.Text("cost_reason", "Why there is no price"), Column.Integer("calls", "Calls"), Column.Integer("input_tokens", "Their input tokens"), Column.Integer("output_tokens", "Their output tokens"),
        Column.Time("first_at", "Start of the first"), Column.Time("last_at", "Start of the last"), Column.Text("last_trace_id", "Trace of the last"),
    ];

    /// <summary>The statement.</summary>
    public static Statement Ask(TimeRange range, int limit, Selection selection)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal);
        string sql = $"""
            SELECT
                r.provider AS provider, r.model_requested AS model_requested, r.model_answered AS model_answered, r.cost_reason AS cost_reason,
                sum(r.sign) AS calls, sum(r.sign * toInt64(ifNull(r.input_tokens, 0))) AS input_tokens, sum(r.sign * toInt64(ifNull(r.output_tokens, 0))) AS output_tokens,
                min(r.ts) AS first_at, max(r.ts) AS last_at, argMax(r.trace_id, r.ts) AS last_trace_id
            {Sources.Calls(range, selection, parameters)}
                AND isNull(r.cost_usd)
            GROUP BY provider, model_requested, model_answered, cost_reason
            HAVING calls > 0
            ORDER BY calls DESC, provider, model_requested, model_answered, cost_reason
            LIMIT {limit + 1}
            """;
        return new Statement("data", sql, parameters, Columns) { Limit = limit };
    }
}
