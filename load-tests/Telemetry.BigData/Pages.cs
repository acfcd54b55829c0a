using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Page;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;
using Telemetry.Query.Scope;

namespace Telemetry.BigData;

/// <summary>What pages ask, by the statements of the query library.</summary>
internal static class Pages
{
    /// <summary>Name, most milliseconds, and the statements of a page.</summary>
    /// <param name="trace">A trace that there is.</param>
    /// <param name="span">A call of it.</param>
    /// <param name="user">A user that there is.</param>
    public static IEnumerable<(string Name, int Most, Func<IReadOnlyList<Statement>> Statements)> All(string trace, string span, string user)
    {
        yield return ("overview, 6 h", 300, () => OverviewQuestion.Ask(Range("now-6h"), new Selection()));
        yield return ("overview, 24 h", 300, () => OverviewQuestion.Ask(Range("now-24h"), new Selection()));
        yield return ("overview, 28 d", 300, () => OverviewQuestion.Ask(Range("now-28d"), new Selection()));
        yield return ("calls over time by model, 6 h", 300, () => [Series("now-6h", "model", "calls", "errors")]);
        yield return ("cost over time by service, 7 d", 300, () => [Series("now-7d", "service", "cost_usd")]);
        yield return ("TTFT over time, 24 h", 300, () => [Series("now-24h", null, "ttft_p50_ms", "ttft_p95_ms")]);
        yield return ("models, 24 h", 300, () => [Breakdown("now-24h", ["provider", "model"], BreakdownQuestion.OfModels, "calls")]);
        yield return ("models, 28 d", 300, () => [Breakdown("now-28d", ["provider", "model"], BreakdownQuestion.OfModels, "calls")]);
        yield return ("prompts, 7 d", 300, () => [Breakdown("now-7d", ["prompt", "prompt_version"], BreakdownQuestion.OfPrompts, "calls")]);
        yield return ("costs by tenant and service, 28 d", 300, () => [Breakdown("now-28d", ["tenant", "service"], BreakdownQuestion.OfCosts, "cost_usd")]);
        yield return ("costs by user, 24 h (calls)", 300, () => [Breakdown("now-24h", ["user"], BreakdownQuestion.OfCosts, "cost_usd")]);
        yield return ("unpriced, 24 h (calls)", 300, () => [UnpricedQuestion.Ask(Range("now-24h"), 100, new Selection())]);
        yield return ("calls, newest of 6 h", 300, () => [Calls("now-6h", "time", new Selection())]);
        yield return ("calls, newest of 28 d", 300, () => [Calls("now-28d", "time", new Selection())]);
        yield return ("calls, slowest of 24 h", 300, () => [Calls("now-24h", "duration_ms", new Selection())]);
        yield return ("calls, errors of a service in 7 d", 300, () => [Calls("now-7d", "time", new Selection().Add(Dimension.Get("", "service"), true, ["service-03"]).Add(Dimension.Get("", "status"), true, ["error"]))]);
        yield return ("calls of a user in 28 d", 300, () => [Calls("now-28d", "time", new Selection().Add(Dimension.Get("", "user"), true, [user]))]);
        yield return ("values of service, 24 h", 300, () => [ValuesQuestion.Ask(Dimension.Get("", "service"), Range("now-24h"), "", 100, new Selection())]);
        yield return ("quality, 24 h", 300, () => [QualityQuestion.Ask(Range("now-24h"), ["service", "name", "source"], [])]);
        yield return ("one call by id", 100, () => CallQuestion.Ask(trace, span, AccessScope.All));
        yield return ("one trace by id: spans", 100, () => [TraceQuestion.Spans(trace)]);
        yield return ("one trace by id: all parts", 100, () => TraceQuestion.Ask(trace, AccessScope.All));
        yield return ("a trace that is not there", 100, () => [TraceQuestion.Spans("00000000000000000000000000000000")]);
    }

    private static TimeRange Range(string from) => TimeRange.Parse(from, "now", null, TimeProvider.System.GetUtcNow());

    private static Statement Series(string from, string? by, params string[] metrics)
    {
        TimeRange range = Range(from);
        return SeriesQuestion.Ask(range, Step.Choose(null, range), Metric.Of(metrics), by is null ? [] : [Dimension.Get("", by)], 10, new Selection());
    }

    private static Statement Breakdown(string from, string[] by, IReadOnlyList<Metric> metrics, string order) =>
        BreakdownQuestion.Ask("data", Range(from), [.. by.Select(d => Dimension.Get("", d))], metrics, order, 100, new Selection());

    private static Statement Calls(string from, string sort, Selection selection) =>
        CallsQuestion.Ask(Range(from), selection, new PageRequest(Sort.Get(CallsQuestion.Sorts, sort), true, 50, null, ""));
}
