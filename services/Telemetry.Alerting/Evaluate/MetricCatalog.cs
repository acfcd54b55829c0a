namespace Telemetry.Alerting.Evaluate;

/// <summary>Every metric that rules can use.</summary>
internal static class MetricCatalog
{
    private const string Cost = "ifNull(toFloat64(cost_usd), 0)";
    private const string Flagged = "arrayExists(flag -> arrayExists(p -> startsWith(flag, p), {flags:Array(String)}), flags)";

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<MetricDefinition> All { get; } =
    [
        Of("calls", "", "provider calls in the window", "{calls}", "{calls}", additive: true),
        Of("calls_per_minute", "", "provider calls per minute", "{calls} * 60 / {seconds:Float64}", "{calls}", additive: true),
        Of("errors", "", "calls that ended in error", "{errors}", "{calls}", additive: true, worst: "status = 'error'"),
        Of("error_rate", "share", "share of calls that ended in error", "{errors} / {calls}", "{calls}", worst: "status = 'error'"),
        .. Quantiles("ttft", "ms", "time to first token", "{with_ttft}", "ttft_ms"),
        .. Quantiles("latency", "ms", "duration of calls", "{calls}", "duration_ms"),
        .. Quantiles("tokens_per_second", "", "output tokens per second after the first one", "{with_ttft}", "-tokens_per_second"),
        Of("input_tokens", "", "input tokens in the window", "{input}", "{with_usage}", additive: true, worst: "input_tokens"),
        Of("output_tokens", "", "output tokens in the window", "{output}", "{with_usage}", additive: true, worst: "output_tokens"),
        Of("tokens", "", "input and output tokens in the window", "{input} + {output}", "{with_usage}", additive: true, worst: "ifNull(input_tokens, 0) + ifNull(output_tokens, 0)"),
        Of("tokens_per_request", "", "input and output tokens per call that told its usage", "({input} + {output}) / {with_usage}", "{with_usage}", worst: "ifNull(input_tokens, 0) + ifNull(output_tokens, 0)"),
        Of("input_tokens_per_request", "", "input tokens per call that told its usage", "{input} / {with_usage}", "{with_usage}", worst: "input_tokens"),
        Of("output_tokens_per_request", "", "output tokens per call that told its usage", "{output} / {with_usage}", "{with_usage}", worst: "output_tokens"),
        Of("cost", "usd", "cost of priced calls in the window", "{cost}", "{calls} - {unpriced}", additive: true, worst: Cost),
        Of("cost_per_request", "usd", "cost per priced call", "{cost} / ({calls} - {unpriced})", "{calls} - {unpriced}", worst: Cost),
        Of("spend_per_hour", "usd", "cost of priced calls, per hour", "{cost} * 3600 / {seconds:Float64}", "{calls} - {unpriced}", additive: true, worst: Cost),
        Of("refusal_rate", "share", "share of calls that the provider or the model refused", "{refused} / {calls}", "{calls}", worst: "notEmpty(finish_reasons) AND NOT hasAny(finish_reasons, ['stop', 'end_turn', 'tool_calls', 'length'])"),
        Of("length_rate", "share", "share of calls cut at the token limit", "{length} / {calls}", "{calls}", worst: "has(finish_reasons, 'length')"),
        Of("cache_hit_rate", "share", "share of input tokens that were read from the provider's cache", "{cached} / {input}", "if({input} > 0, {with_usage}, 0)", worst: "-ifNull(cached_tokens, 0)"),
        Of("unpriced_calls", "", "calls without a known price", "{unpriced}", "{calls}", additive: true, worst: "isNull(cost_usd)"),
        Of("unpriced_rate", "share", "share of calls without a known price", "{unpriced} / {calls}", "{calls}", worst: "isNull(cost_usd)"),
        Of("flagged_calls", "", "calls that carry a flag that begins with one of those named", "{flagged}", "{calls}", additive: true, worst: Flagged),
        Of("flagged_rate", "share", "share of calls that carry a flag that begins with one of those named", "{flagged} / {calls}", "{calls}", worst: Flagged),
        new("score_mean", "", "mean of the judgements of that name, weighed by how they were sampled", MetricSource.Scores, "sum(value / probability) / sum(1 / probability)", "count()"),
        new("score_share", "share", "share of the judgements of that name that passed, weighed by how they were sampled", MetricSource.Scores, "sum(passed / probability) / sum(1 / probability)", "count()"),
        new("judge_agreement", "", "Cohen's kappa, with quadratic weights, between judges and people on the same answers: 1 is full agreement, 0 chance", MetricSource.Agreement, "1 - avg(pow(judge_value - human_value, 2)) / (varPop(judge_value) + varPop(human_value) + pow(avg(judge_value) - avg(human_value), 2))", "count()"),
        new("silence", "s", "time since the last call came in; the window is how far back a group is known", MetricSource.Silence, "", ""),
        new("pipeline_lag", "s", "how far behind the clock the slowest partition of the span log is", MetricSource.Pipeline, "", ""),
        new("dead_letters", "", "records that could not be decoded, in the window", MetricSource.Pipeline, "", ""),
    ];

    /// <summary>The metric of that name; null when there is none.</summary>
    public static MetricDefinition? Find(string name) => All.FirstOrDefault(m => m.Name == name);

    private static MetricDefinition Of(string name, string unit, string description, string value, string samples, bool additive = false, string worst = "ts") =>
        new(name, unit, description, MetricSource.Calls, value, samples, additive, worst);

    private static IEnumerable<MetricDefinition> Quantiles(string name, string unit, string description, string samples, string worst) =>
        ((IEnumerable<string>)["p50", "p90", "p95", "p99"]).Select(q => Of($"{name}_{q}", unit, $"{description}, {q}", $"{{{name}_{q}}}", samples, worst: worst));
}
