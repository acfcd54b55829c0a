using Telemetry.Query.Ask;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>
/// How good answers are, and how sure that is. Judged calls are a sample: each counts for as many as it stands for (the inverse of its probability), and the interval
/// is that of a ratio of two such sums.
/// </summary>
internal static class QualityQuestion
{
    private const int MostRows = 10_000;

    private static readonly string[] s_groups = ["tenant", "service", "name", "source", "label"];

    /// <summary>What it can be grouped by.</summary>
    public static IReadOnlyList<string> Groups => s_groups;

    /// <summary>The statement.</summary>
    /// <param name="range">When it was judged.</param>
    /// <param name="groups">Of <see cref="Groups"/>.</param>
    /// <param name="filters">Values that are wanted.</param>
    public static Statement Ask(TimeRange range, IReadOnlyList<string> groups, IReadOnlyList<(string Column, IReadOnlyList<string> Values)> filters)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal);
        string names = string.Join(", ", groups);
        string sql = $"""
            WITH
                greatest(r.probability, 1e-6) AS p,
                countIf(isNotNull(r.value)) AS valued
            SELECT
                {string.Join(", ", groups.Select(g => $"toString(r.{g}) AS {g}"))},
                count() AS judged,
                countIf(r.error_type != '') AS failed,
                sum(1 / p) AS stands_for,
                if(valued = 0, NULL, sumIf(r.value / p, isNotNull(r.value)) / sumIf(1 / p, isNotNull(r.value))) AS mean,
                if(valued < 2, NULL, sqrt(greatest(sumIf(pow(r.value / p, 2), isNotNull(r.value)) - 2 * mean * sumIf(r.value / pow(p, 2), isNotNull(r.value))
                    + pow(mean, 2) * sumIf(1 / pow(p, 2), isNotNull(r.value)), 0)) / sumIf(1 / p, isNotNull(r.value))) AS standard_error,
                mean - 1.96 * standard_error AS low,
                mean + 1.96 * standard_error AS high,
                argMaxIf(r.trace_id, r.ts, r.trace_id != '') AS last_trace_id
            FROM llm_scores AS r
            WHERE {Sources.InRange("r", range, parameters)}{ListFilter.Where(filters, parameters)}
            GROUP BY {names}
            ORDER BY judged DESC, {names}
            LIMIT {MostRows + 1}
            """;
        return new Statement("data", sql, parameters, Columns(groups)) { Limit = MostRows };
    }

    /// <summary>The columns.</summary>
    public static IReadOnlyList<Column> Columns(IReadOnlyList<string> groups) =>
    [
        .. groups.Select(g => Column.Text(g, $"{char.ToUpperInvariant(g[0])}{g[1..]} of the judgement")),
        Column.Integer("judged", "Judgements"),
        Column.Integer("failed", "Judgements that failed"),
        Column.Number("stands_for", "Calls that the sample stands for", nullable: false),
        Column.Number("mean", "Mean of the values, each weighed by the inverse of its probability"),
        Column.Number("standard_error", "Standard error of the mean"),
        Column.Number("low", "Lower end of the 95 % interval"),
        Column.Number("high", "Upper end of the 95 % interval"),
        Column.Text("last_trace_id", "Trace of the newest of them"),
    ];
}
