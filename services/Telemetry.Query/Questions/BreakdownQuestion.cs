using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>Metrics of a range by dimensions: models, prompts, who spends.</summary>
internal static class BreakdownQuestion
{
    /// <summary>What is shown of models.</summary>
    public static readonly IReadOnlyList<Metric> OfModels = Metric.Of(
        "calls", "errors", "error_rate", "ttft_p50_ms", "ttft_p95_ms", "duration_p50_ms", "duration_p95_ms", "duration_p99_ms", "tokens_per_second_p50",
        "input_tokens", "cached_tokens", "output_tokens", "cache_hit_rate", "cost_usd", "cost_per_call_usd", "cost_per_1k_tokens_usd", "unpriced_calls", "refusal_rate", "length_rate");

    /// <summary>What is shown of versions of prompts.</summary>
    public static readonly IReadOnlyList<Metric> OfPrompts = Metric.Of(
        "calls", "errors", "error_rate", "ttft_p50_ms", "ttft_p95_ms", "duration_p50_ms", "duration_p95_ms", "input_tokens", "output_tokens", "cache_hit_rate",
        "cost_usd", "cost_per_call_usd", "unpriced_calls", "refusal_rate", "length_rate");

    /// <summary>What is shown of spending.</summary>
    public static readonly IReadOnlyList<Metric> OfCosts = Metric.Of(
        "cost_usd", "calls", "input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens", "cost_per_call_usd", "cost_per_1k_tokens_usd", "unpriced_calls", "estimated_calls");

    /// <summary>The statement, over the rollups where they have all that is asked for.</summary>
    /// <param name="name">What it is for.</param>
    /// <param name="range">From when until when.</param>
    /// <param name="groups">By what.</param>
    /// <param name="metrics">What is shown.</param>
    /// <param name="orderBy">The metric that decides the order, the greatest first.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="selection">Which calls.</param>
    public static Statement Ask(string name, TimeRange range, IReadOnlyList<Dimension> groups, IReadOnlyList<Metric> metrics, string orderBy, int limit, Selection selection)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal);
        bool rollup = selection.FitsRollups && groups.All(g => g.InRollups);
        string source = rollup ? Sources.Rollups(range, selection, parameters) : Sources.Calls(range, selection, parameters);
        string keys = string.Concat(groups.Select(g => $"{Key(g)} AS {g.Name},\n    "));
        string names = string.Concat(groups.Select((g, i) => (i == 0 ? "" : ", ") + g.Name));
        string sql = $"""
            SELECT
                {keys}{string.Join(",\n    ", metrics.Select(m => m.Select(rollup)))}
            {source}
            {(groups.Count == 0 ? "" : $"GROUP BY {names}\n")}HAVING {Aggregate.Fill("{calls}", rollup)} > 0
            ORDER BY {orderBy} DESC NULLS LAST{(groups.Count == 0 ? "" : $", {names}")}
            LIMIT {limit + 1}
            """;
        return new Statement(name, sql, parameters, Columns(groups, metrics)) { Limit = limit };
    }

    /// <summary>The columns.</summary>
    public static IReadOnlyList<Column> Columns(IReadOnlyList<Dimension> groups, IReadOnlyList<Metric> metrics) => [.. groups.Select(g => g.AsColumn), .. metrics.Select(m => m.Column)];

    // A call with several counts once for each of them.
    private static string Key(Dimension dimension) => dimension.IsList ? $"toString(arrayJoin(if(empty(r.{dimension.Column}), [''], r.{dimension.Column})))" : $"toString({dimension.Of("r")})";
}
