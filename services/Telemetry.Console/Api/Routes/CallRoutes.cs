using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Page;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;
using Telemetry.Query.Scope;

namespace Telemetry.Console.Api.Routes;

/// <summary>Single calls and traces.</summary>
internal static class CallRoutes
{
    private const string Tag = "Calls and traces";
    private const int UsualRows = 50;
    private const string NoContent = "Messages and answers are not shown here (Telemetry:Console:ShowContent).";

    private static readonly ApiParameter s_trace = new("trace", "Trace, 32 hex digits", "5b8efff798038103d269b633813fc60c") { InPath = true };
    private static readonly ApiParameter s_span = new("span", "Span, 16 hex digits", "eee19b7ec3c1b174") { InPath = true };

    /// <summary>The routes.</summary>
    public static IReadOnlyList<ApiRoute> All(QueryRunner runner) =>
    [
        new("GET", "/calls", "searchCalls", Tag, "Searches calls, the newest first", Searched(), AnswerShape.Table(CallsQuestion.Columns), request => Search(request, runner))
        {
            Description = "Calls as they stand now: corrections are applied. Pages are stable: new calls do not move what was read already. An export has up to Telemetry:Console:Query:MaxExportRows rows.",
        },
        new(
            "GET", "/calls/{trace}/{span}", "getCall", Tag, "One call: numbers, parts of its cost, messages, judgements", [s_trace, s_span],
            AnswerShape.Of(CallQuestion.Ask("", "", AccessScope.All), "call"), request => One(request)),
        new(
            "GET", "/traces/{trace}", "getTrace", Tag, "One trace: every span and why it was billed or not, calls in full, messages, judgements, incidents and anomalies that name it", [s_trace],
            AnswerShape.Of(TraceQuestion.Ask("", AccessScope.All)), request => Trace(request))
        {
            Description = "spans come as a tree, parents before their children, with depth and offset_ms from the start of the trace.",
        },
    ];

    private static IReadOnlyList<ApiParameter> Searched() =>
    [
        .. Parameters.Range, .. Parameters.AllFilters, .. Parameters.Numbers, Parameters.SortBy(CallsQuestion.Sorts), Parameters.Order, Parameters.Limit(UsualRows), Parameters.Cursor, Parameters.Format,
    ];

    private static TableAnswer Search(ApiRequest request, QueryRunner runner)
    {
        PageRequest page = request.Page("calls", CallsQuestion.Sorts, UsualRows, request.IsExport ? runner.Options.MaxExportRows : Parameters.MostRows);
        if (request.IsExport && request.Text("limit") is null)
        {
            page = page with { Limit = runner.Options.MaxExportRows };
        }

        TimeRange range = page.After?.Apply(request.Range()) ?? request.Range();
        Statement statement = CallsQuestion.Ask(range, request.Selection(Dimension.All, numbers: true), page);
        return new TableAnswer(statement) { Range = range, Next = result => page.Next(result, CallsQuestion.Ids, range) };
    }

    private static PartsAnswer One(ApiRequest request)
    {
        string trace = Id(request, "trace", 32);
        string span = Id(request, "span", 16);
        return new PartsAnswer(CallQuestion.Ask(trace, span, request.Scope))
        {
            Single = ["call"],
            Required = ("call", $"There is no call {trace}/{span}. Calls are kept 90 days; a span that is not billed is shown with its trace."),
            Notes = request.Scope.MayReadContent ? [] : [NoContent],
        };
    }

    private static PartsAnswer Trace(ApiRequest request)
    {
        string trace = Id(request, "trace", 32);
        return new PartsAnswer(TraceQuestion.Ask(trace, request.Scope))
        {
            Required = ("spans", $"There is no trace {trace}. Calls are kept 90 days, other spans 30; a trace is here some seconds after it was sent."),
            Arranged = new Dictionary<string, Func<Result, IEnumerable<ArrangedRow>>> { ["spans"] = TraceTree.Arrange },
            Notes = request.Scope.MayReadContent ? [] : [NoContent],
        };
    }

    private static string Id(ApiRequest request, string name, int digits)
    {
        string text = request.Path(name);
        return text.Length == digits && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : throw new InvalidQueryException(name, text, $"{digits} hex digits");
    }
}
