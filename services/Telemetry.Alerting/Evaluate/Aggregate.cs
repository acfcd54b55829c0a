using System.Text.RegularExpressions;
using Telemetry.Detection;

namespace Telemetry.Alerting.Evaluate;

/// <summary>A sum or quantile that metrics are made of, as the rollups give it and as the calls themselves do.</summary>
/// <param name="Name">Name in braces.</param>
/// <param name="Rollup">Expression over a rollup named <c>source</c>.</param>
/// <param name="Raw">Expression over <c>llm_calls</c> named <c>source</c>.</param>
internal sealed partial record Aggregate(string Name, string Rollup, string Raw)
{
    private static readonly Dictionary<string, Aggregate> s_all = ((Aggregate[])
    [
        new("calls", "sum(source.calls)", "sum(source.sign)"),
        new("errors", "sum(source.errors)", "sum(source.sign * (source.status = 'error'))"),
        new("unpriced", "sum(source.calls_unpriced)", "sum(source.sign * isNull(source.cost_usd))"),
        new("refused", "sum(source.calls_refused)", $"sum(source.sign * {RefusalReasons.Condition("source.finish_reasons")})"),
        new("length", "sum(source.calls_length)", "sum(source.sign * has(source.finish_reasons, 'length'))"),
        new("with_ttft", "sum(source.calls_with_ttft)", "sum(source.sign * isNotNull(source.ttft_ms))"),
        new("with_usage", "(sum(source.calls) - sum(source.calls_without_usage))", "sum(source.sign * (source.tokens_source != 'unknown'))"),
        Tokens("input"), Tokens("cached"), Tokens("output"),
        new("cost", "toFloat64(sum(source.cost_usd))", "toFloat64(sum(toDecimal128(ifNull(source.cost_usd, 0), 12) * source.sign))"),
        new("flagged", "0", "sum(source.sign * arrayExists(flag -> arrayExists(p -> startsWith(flag, p), {flags:Array(String)}), source.flags))"),
        .. Quantiles("ttft", "ttft_ms"), .. Quantiles("latency", "duration_ms"), .. Quantiles("tokens_per_second", "tokens_per_second"),
    ]).ToDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>Puts the aggregates into an expression.</summary>
    public static string Fill(string expression, bool rollup) =>
        Braces().Replace(expression, m => s_all.TryGetValue(m.Groups[1].Value, out Aggregate? a) ? rollup ? a.Rollup : a.Raw : m.Value);

    private static Aggregate Tokens(string kind) => new(
        kind, $"sum(source.{kind}_tokens)", $"sum(source.sign * toInt64(ifNull(source.{kind}_tokens, 0)))");

    private static IEnumerable<Aggregate> Quantiles(string name, string column) => ((IEnumerable<(string Suffix, string Level)>)[("p50", "0.5"), ("p90", "0.9"), ("p95", "0.95"), ("p99", "0.99")])
        .Select(q => new Aggregate(
            $"{name}_{q.Suffix}", $"quantilesDDMerge(0.01, {q.Level})(source.{column}_state)[1]",
            $"quantilesDDIf(0.01, {q.Level})(assumeNotNull(source.{column}), isNotNull(source.{column}) AND source.sign > 0 AND source.revision = 0)[1]"));

    // Parameters look like {name:Type} and stay.
    [GeneratedRegex(@"\{([a-z0-9_]+)\}")]
    private static partial Regex Braces();
}
