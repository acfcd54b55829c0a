using System.Text.RegularExpressions;

namespace Telemetry.Query.Questions;

/// <summary>A sum or quantile that metrics are made of, as the rollups give it and as the calls themselves do; both are named <c>r</c> in the statement.</summary>
/// <param name="Name">Name in braces within a metric's expression.</param>
/// <param name="Rollup">Expression over <c>llm_rollups</c>.</param>
/// <param name="Raw">Expression over <c>llm_calls</c>, corrections counted as such.</param>
internal sealed partial record Aggregate(string Name, string Rollup, string Raw)
{
    private const string Levels = "0.01, 0.5, 0.9, 0.95, 0.99";

    // The finish reasons that the rollups count as refusals, see schemas/clickhouse/0015_refusals.sql.
    private const string Refused =
        "hasAny(arrayMap(reason -> lower(reason), r.finish_reasons), ['content_filter', 'content-filter', 'content_filtered', 'refusal', 'safety', 'recitation', 'blocklist', 'prohibited_content', 'spii', 'image_safety', 'guardrail_intervened'])";

    private static readonly Dictionary<string, Aggregate> s_all = ((Aggregate[])
    [
        new("calls", "sum(r.calls)", "sum(r.sign)"),
        new("errors", "sum(r.errors)", "sum(r.sign * (r.status = 'error'))"),
        new("unpriced", "sum(r.calls_unpriced)", "sum(r.sign * isNull(r.cost_usd))"),
        new("estimated", "sum(r.calls_estimated)", "sum(r.sign * (r.tokens_source = 'estimated'))"),
        new("without_usage", "sum(r.calls_without_usage)", "sum(r.sign * (r.tokens_source = 'unknown'))"),
        new("with_ttft", "sum(r.calls_with_ttft)", "sum(r.sign * isNotNull(r.ttft_ms))"),
        new("length", "sum(r.calls_length)", "sum(r.sign * has(r.finish_reasons, 'length'))"),
        new("refused", "sum(r.calls_refused)", $"sum(r.sign * {Refused})"),
        Tokens("input"), Tokens("cached"), Tokens("cache_write"), Tokens("output"), Tokens("reasoning"),
        new("cost", "sum(r.cost_usd)", "sum(toDecimal128(ifNull(r.cost_usd, 0), 12) * r.sign)"),
        .. Quantiles("ttft", "ttft_ms"), .. Quantiles("duration", "duration_ms"), .. Quantiles("tps", "tokens_per_second"),
    ]).ToDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>Puts the aggregates into an expression.</summary>
    public static string Fill(string expression, bool rollup) =>
        Braces().Replace(expression, m => s_all.TryGetValue(m.Groups[1].Value, out Aggregate? a) ? rollup ? a.Rollup : a.Raw : m.Value);

    private static Aggregate Tokens(string kind) => new(kind, $"sum(r.{kind}_tokens)", $"sum(r.sign * toInt64(ifNull(r.{kind}_tokens, 0)))");

    // All four of a kind are one state, which the engine merges once.
    private static IEnumerable<Aggregate> Quantiles(string name, string column) => ((IEnumerable<(string Suffix, int Index)>)[("p50", 1), ("p90", 2), ("p95", 3), ("p99", 4)])
        .Select(q => new Aggregate(
            $"{name}_{q.Suffix}",
            $"quantilesDDMerge({Levels})(r.{column}_state)[{q.Index}]",
            $"quantilesDDIf({Levels})(assumeNotNull(r.{column}), isNotNull(r.{column}) AND r.sign > 0 AND r.revision = 0)[{q.Index}]"));

    [GeneratedRegex(@"\{([a-z0-9_]+)\}")]
    private static partial Regex Braces();
}
