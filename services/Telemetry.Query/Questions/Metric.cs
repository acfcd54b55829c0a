using Telemetry.Query.Ask;

namespace Telemetry.Query.Questions;

/// <summary>A figure of many calls. The list is fixed: expressions in statements come from here alone.</summary>
/// <param name="Column">Name, type and meaning.</param>
/// <param name="Expression">Made of <see cref="Aggregate"/>s in braces.</param>
internal sealed record Metric(Column Column, string Expression)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new(Column.Integer("calls", "Provider calls"), "{calls}"),
        new(Column.Integer("errors", "Calls that ended in an error"), "{errors}"),
        new(Column.Number("error_rate", "Share of calls that ended in an error, 0 to 1"), "{errors} / nullIf({calls}, 0)"),
        new(Column.Integer("input_tokens", "Input tokens, cached ones included"), "{input}"),
        new(Column.Integer("cached_tokens", "Input tokens that were read from the provider's cache"), "{cached}"),
        new(Column.Integer("cache_write_tokens", "Input tokens that were written to the provider's cache"), "{cache_write}"),
        new(Column.Integer("output_tokens", "Output tokens, reasoning included"), "{output}"),
        new(Column.Integer("reasoning_tokens", "Output tokens that were spent on reasoning"), "{reasoning}"),
        new(Column.Number("cache_hit_rate", "Share of input tokens that were read from the provider's cache, 0 to 1"), "{cached} / nullIf({input}, 0)"),
        new(Column.Money("cost_usd", "Cost of the priced calls in US dollars; null when no call has a price"), "if({calls} = {unpriced}, NULL, {cost})"),
        new(Column.Money("cost_per_call_usd", "Cost of a priced call on average, in US dollars"), "{cost} / nullIf({calls} - {unpriced}, 0)"),
        new(Column.Money("cost_per_1k_tokens_usd", "Cost of 1,000 tokens in US dollars, as long as every call has a price; null otherwise"), "if({unpriced} = 0, {cost} * 1000 / nullIf({input} + {output}, 0), NULL)"),
        new(Column.Integer("unpriced_calls", "Calls without a known price, which cost_usd leaves out"), "{unpriced}"),
        new(Column.Integer("estimated_calls", "Calls whose tokens were counted here rather than reported"), "{estimated}"),
        new(Column.Number("refusal_rate", "Share of calls that the provider or the model refused, 0 to 1"), "{refused} / nullIf({calls}, 0)"),
        new(Column.Number("length_rate", "Share of calls that were cut at the token limit, 0 to 1"), "{length} / nullIf({calls}, 0)"),
        .. Quantiles("ttft", "Time to first token", "_ms", "milliseconds, of calls that told it"),
        .. Quantiles("duration", "Duration of a call", "_ms", "milliseconds"),
        Quantile("tps", "tokens_per_second", "Output tokens a second after the first token", "p50", "", "of calls that told their first token"),
        new(Column.Integer("calls_with_ttft", "Calls that told their first token"), "{with_ttft}"),
    ];

    /// <summary>The metric of that name.</summary>
    /// <exception cref="InvalidQueryException">There is none.</exception>
    public static Metric Get(string field, string name) =>
        All.FirstOrDefault(m => m.Column.Name == name) ?? throw new InvalidQueryException(field, name, string.Join(", ", All.Select(m => m.Column.Name)));

    /// <summary>The metrics of these names.</summary>
    public static IReadOnlyList<Metric> Of(params IEnumerable<string> names) => [.. names.Select(n => Get("metric", n))];

    /// <summary>Expression and name for a SELECT.</summary>
    public string Select(bool rollup) => $"{Aggregate.Fill(Expression, rollup)} AS {Column.Name}";

    private static IEnumerable<Metric> Quantiles(string aggregate, string description, string suffix, string unit) =>
        ((IEnumerable<string>)["p50", "p90", "p95", "p99"]).Select(q => Quantile(aggregate, aggregate, description, q, suffix, unit));

    private static Metric Quantile(string aggregate, string name, string description, string level, string suffix, string unit) => new(
        Column.Number($"{name}_{level}{suffix}", $"{description}, {level}, {unit}; within 1 %"),
        $"if(isNaN({{{aggregate}_{level}}}), NULL, {{{aggregate}_{level}}})");
}
