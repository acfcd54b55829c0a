using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Page;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;

namespace Telemetry.Console.Api.Routes;

/// <summary>Judgements, and the values of dimensions.</summary>
internal static class QualityRoutes
{
    private const string Tag = "Quality";
    private const int UsualRows = 50;
    private const int MostGroups = 5;

    private static readonly string[] s_filters = ["tenant", "service", "name", "source", "label"];

    /// <summary>The routes.</summary>
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new(
            "GET", "/scores", "searchScores", Tag, "Judgements one by one: judges, screening, people, feedback",
            [.. Parameters.Range, .. Parameters.Columns([.. s_filters, "trace_id"]), Parameters.SortBy(ScoresQuestion.Sorts), Parameters.Order, Parameters.Limit(UsualRows), Parameters.Cursor, Parameters.Format],
            AnswerShape.Table(ScoresQuestion.Columns), request => Scores(request)),
        new(
            "GET", "/quality", "getQuality", Tag, "How good answers are, with 95 % intervals",
            [
                .. Parameters.Range, new("by", "What to group by; several times or with commas") { Repeats = true, Allowed = QualityQuestion.Groups, Default = "service,name,source" },
                .. Parameters.Columns(s_filters), Parameters.Format,
            ],
            AnswerShape.Table(QualityQuestion.Columns(["service", "name", "source"])), request => Quality(request))
        {
            Description = "Judged calls are a sample: each counts for as many as it stands for, the inverse of the probability with which it was drawn.",
        },
        new(
            "GET", "/dimensions", "listDimensions", "Dimensions", "What calls can be grouped by and filtered on", [],
            AnswerShape.Object(Column.Texts("data", "name, description, whether rollups hold it")), _ => Dimensions()),
        new(
            "GET", "/dimensions/{name}/values", "listValues", "Dimensions", "Values of a dimension, the most frequent first",
            [
                new("name", "Dimension", "service") { InPath = true, Allowed = [.. Dimension.All.Select(d => d.Name)] },
                .. Parameters.Range, new("contains", "What a value must contain, whatever its case"), .. Parameters.AllFilters, Parameters.Limit(100), Parameters.Format,
            ],
            AnswerShape.Table(ValuesQuestion.Columns), request => Values(request)),
    ];

    private static TableAnswer Scores(ApiRequest request)
    {
        PageRequest page = request.Page("scores", ScoresQuestion.Sorts, UsualRows);
        TimeRange range = page.After?.Apply(request.Range("now-24h")) ?? request.Range("now-24h");
        return new TableAnswer(ScoresQuestion.Ask(range, request.Filters([.. s_filters, "trace_id"]), page)) { Range = range, Next = result => page.Next(result, ScoresQuestion.Ids, range) };
    }

    private static TableAnswer Quality(ApiRequest request)
    {
        TimeRange range = request.Range("now-24h");
        string[] asked = [.. request.All("by").SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal)];
        string[] groups = asked.Length == 0 ? ["service", "name", "source"] : asked;
        if (groups.FirstOrDefault(g => !QualityQuestion.Groups.Contains(g)) is { } wrong)
        {
            throw new InvalidQueryException("by", wrong, string.Join(", ", QualityQuestion.Groups));
        }

        return groups.Length <= MostGroups
            ? new TableAnswer(QualityQuestion.Ask(range, groups, request.Filters(s_filters))) { Range = range }
            : throw new InvalidQueryException("by", string.Join(',', groups), $"at most {MostGroups} of them");
    }

    private static ObjectAnswer Dimensions() => new(200, json =>
    {
        json.WriteStartArray("data");
        foreach (Dimension dimension in Dimension.All)
        {
            json.WriteStartObject();
            json.WriteString("name", dimension.Name);
            json.WriteString("column", dimension.Column);
            json.WriteString("description", dimension.Description);
            json.WriteBoolean("in_rollups", dimension.InRollups);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static TableAnswer Values(ApiRequest request)
    {
        TimeRange range = request.Range("now-24h");
        var dimension = Dimension.Get("name", request.Path("name"));
        return new TableAnswer(ValuesQuestion.Ask(dimension, range, request.Text("contains") ?? "", request.Limit(100), request.Selection(Dimension.All))) { Range = range };
    }
}
