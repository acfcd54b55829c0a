using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;

namespace Telemetry.Console.Api.Routes;

/// <summary>Figures of many calls: overview, series, models, costs, prompts.</summary>
internal static class FigureRoutes
{
    private const string Tag = "Figures";
    private const int UsualRows = 100;
    private const int UsualGroups = 10;
    private const string RollupsOnly = "Only dimensions of the rollups can be filtered on; calls can be searched by all.";

    private static readonly TimeRange s_anyRange = new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), TimeZoneInfo.Utc, DateTimeOffset.UnixEpoch.AddDays(1));
    private static readonly string[] s_single = ["now", "before", "spend", "trouble", "freshness"];

    /// <summary>The routes.</summary>
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new(
            "GET", "/overview", "getOverview", Tag, "Golden signals now and in the same time before, spending and forecast, what is wrong, how fresh it is", [.. Parameters.Range, .. Parameters.RollupFilters],
            AnswerShape.Of(OverviewQuestion.Ask(s_anyRange, new Selection()), s_single), request => Overview(request))
        {
            Description = "before is the range of the same length that ends where now begins. spend is of the day and the month in tz, whatever the range. " + RollupsOnly,
        },
        new(
            "GET", "/series", "getSeries", Tag, "Metrics over time, by up to three dimensions",
            [
                .. Parameters.Range, Parameters.Metrics,
                new("step", $"Width of a point: auto or {Step.Allowed}; days, weeks (from Monday) and months begin in tz", "1h") { Default = "auto" },
                Parameters.GroupBy("group_by", Dimension.OfRollups), new("groups", $"How many groups are told apart, the largest by calls; the rest is {SeriesQuestion.Others}. 1 to {SeriesQuestion.MostGroups}") { Type = "integer", Default = "10" },
                .. Parameters.RollupFilters, Parameters.Format,
            ],
            AnswerShape.Table(null), request => Series(request))
        {
            Description = "One row a point and group, with time, the dimensions of group_by and the metrics. A point without calls has no row. The range is widened to whole points at its start. " + RollupsOnly,
        },
        new(
            "GET", "/models", "listModels", Tag, "Models side by side: speed, errors, cost", Table(), AnswerShape.Table(BreakdownQuestion.Columns(Models, BreakdownQuestion.OfModels)),
            request => Breakdown(request, Models, BreakdownQuestion.OfModels, "calls", Dimension.OfRollups)),
        new(
            "GET", "/prompts", "listPrompts", Tag, "Versions of prompts side by side", Table(), AnswerShape.Table(BreakdownQuestion.Columns(Prompts, BreakdownQuestion.OfPrompts)),
            request => Breakdown(request, Prompts, BreakdownQuestion.OfPrompts, "calls", Dimension.OfRollups)),
        new(
            "GET", "/costs", "listCosts", Tag, "Who and what spends most",
            [.. Parameters.Range, Parameters.GroupBy("by", Dimension.All, "service"), .. Parameters.AllFilters, .. Parameters.Numbers, Parameters.Limit(UsualRows), Parameters.Format],
            AnswerShape.Table(null), request => Costs(request))
        {
            Description = "One row a group, with the dimensions of by and the figures of spending. By user, session and other dimensions that rollups do not hold, the calls themselves are summed, which are kept 90 days.",
        },
        new(
            "GET", "/costs/unpriced", "listUnpriced", Tag, "What could not be priced, and why", [.. Parameters.Range, .. Parameters.AllFilters, Parameters.Limit(UsualRows), Parameters.Format],
            AnswerShape.Table(UnpricedQuestion.Columns), request => Unpriced(request)),
    ];

    private static IReadOnlyList<Dimension> Models => [Dimension.Get("by", "provider"), Dimension.Get("by", "model")];

    private static IReadOnlyList<Dimension> Prompts => [Dimension.Get("by", "prompt"), Dimension.Get("by", "prompt_version")];

    private static IReadOnlyList<ApiParameter> Table() => [.. Parameters.Range, .. Parameters.RollupFilters, Parameters.Limit(UsualRows), Parameters.Format];

    private static PartsAnswer Overview(ApiRequest request)
    {
        TimeRange range = request.Range();
        return new PartsAnswer(OverviewQuestion.Ask(range, request.Selection(Dimension.OfRollups))) { Range = Effective(range), Single = s_single, Notes = [.. Widened(range)] };
    }

    private static TableAnswer Series(ApiRequest request)
    {
        TimeRange range = request.Range();
        var step = Step.Choose(request.Text("step"), range);
        IReadOnlyList<Dimension> groups = request.Groups("group_by", inRollups: true);
        Statement statement = SeriesQuestion.Ask(range, step, request.Metrics("calls"), groups, Groups(request), request.Selection(Dimension.OfRollups));
        return new TableAnswer(statement) { Range = range with { From = step.Align(range) }, Step = step, Notes = [.. step.Notes(range)] };
    }

    private static int Groups(ApiRequest request) => request.Text("groups") is not { } text
        ? UsualGroups
        : int.TryParse(text, out int count) && count is >= 1 and <= SeriesQuestion.MostGroups ? count : throw new InvalidQueryException("groups", text, $"1 to {SeriesQuestion.MostGroups}");

    private static TableAnswer Breakdown(ApiRequest request, IReadOnlyList<Dimension> groups, IReadOnlyList<Metric> metrics, string orderBy, IReadOnlyList<Dimension> filters)
    {
        TimeRange range = request.Range();
        Statement statement = BreakdownQuestion.Ask("data", range, groups, metrics, orderBy, request.Limit(UsualRows), request.Selection(filters));
        return new TableAnswer(statement) { Range = Effective(range), Notes = [.. Widened(range)] };
    }

    private static TableAnswer Costs(ApiRequest request)
    {
        TimeRange range = request.Range();
        IReadOnlyList<Dimension> groups = request.Groups("by", inRollups: false, "service");
        Selection selection = request.Selection(Dimension.All, numbers: true);
        bool rollup = selection.FitsRollups && groups.All(g => g.InRollups);
        Statement statement = BreakdownQuestion.Ask("data", range, groups, BreakdownQuestion.OfCosts, "cost_usd", request.Limit(UsualRows), selection);
        return new TableAnswer(statement) { Range = rollup ? Effective(range) : range, Notes = rollup ? [.. Widened(range)] : [.. OfCalls(groups, range)] };
    }

    private static TableAnswer Unpriced(ApiRequest request)
    {
        TimeRange range = request.Range();
        return new TableAnswer(UnpricedQuestion.Ask(range, request.Limit(UsualRows), request.Selection(Dimension.All))) { Range = range };
    }

    private static TimeRange Effective(TimeRange range)
    {
        var segments = RollupSegments.Of(range);
        return range with { From = segments.From, To = segments.To };
    }

    private static IEnumerable<string> Widened(TimeRange range)
    {
        if (range.From < range.Now - Retention.Minutes)
        {
            yield return "The range is widened to whole hours or days where finer figures are no longer kept (minutes 30 days, hours 400 days).";
        }
    }

    private static IEnumerable<string> OfCalls(IReadOnlyList<Dimension> groups, TimeRange range)
    {
        if (range.From < range.Now.AddDays(-90))
        {
            yield return "Summed over the calls themselves, which are kept 90 days: what is older is not in it.";
        }

        if (groups.Any(g => g.IsList))
        {
            yield return "A call with several values counts once for each of them.";
        }
    }
}
