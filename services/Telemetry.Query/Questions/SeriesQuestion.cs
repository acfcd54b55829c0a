using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>Metrics over time, by up to three dimensions; groups beyond the largest are one group.</summary>
internal static class SeriesQuestion
{
    /// <summary>Name of the group of all groups that are not among the largest.</summary>
    public const string Others = "(other)";

    /// <summary>Most groups that are told apart.</summary>
    public const int MostGroups = 50;

    private const int MostRows = 100_000;

    /// <summary>The statement.</summary>
    /// <param name="range">Whose points, by <see cref="Step.Align"/>.</param>
    /// <param name="step">How wide they are.</param>
    /// <param name="metrics">What is shown.</param>
    /// <param name="groups">Dimensions of the rollups.</param>
    /// <param name="largest">How many groups are told apart, by calls.</param>
    /// <param name="selection">Which calls.</param>
    public static Statement Ask(TimeRange range, Step step, IReadOnlyList<Metric> metrics, IReadOnlyList<Dimension> groups, int largest, Selection selection)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { ["from"] = step.Align(range), ["to"] = range.To };
        parameters[step.IsCalendar ? "tz" : "step"] = step.IsCalendar ? range.ZoneName : step.Seconds;
        string where = $"r.resolution = {step.Resolution} AND r.ts >= {{from:DateTime('UTC')}} AND r.ts < {{to:DateTime('UTC')}}{selection.Where("r", parameters)}";
        string keys = string.Concat(Keys(groups).Select(k => $"    {k},\n"));
        string names = string.Concat(groups.Select(g => $", {g.Name}"));
        string sql = $"""
            {Largest(groups, largest, where, parameters)}SELECT
                {step.Bucket} AS time,
            {keys}    {string.Join(",\n    ", metrics.Select(m => m.Select(rollup: true)))}
            FROM llm_rollups AS r
            WHERE {where}
            GROUP BY time{names}
            ORDER BY time{names}
            LIMIT {MostRows + 1}
            """;
        return new Statement("data", sql, parameters, Columns(metrics, groups)) { Limit = MostRows };
    }

    /// <summary>The columns.</summary>
    public static IReadOnlyList<Column> Columns(IReadOnlyList<Metric> metrics, IReadOnlyList<Dimension> groups) =>
        [Column.Time("time", "Start of the point"), .. groups.Select(g => g.AsColumn), .. metrics.Select(m => m.Column)];

    private static string Largest(IReadOnlyList<Dimension> groups, int largest, string where, Dictionary<string, object?> parameters)
    {
        if (groups.Count == 0)
        {
            return "";
        }

        parameters["largest"] = largest;
        string key = Tuple(groups);
        return $"WITH largest AS\n(\n    SELECT {key} AS key FROM llm_rollups AS r\n    WHERE {where}\n    GROUP BY key ORDER BY sum(r.calls) DESC, key LIMIT {{largest:UInt32}}\n)\n";
    }

    private static IEnumerable<string> Keys(IReadOnlyList<Dimension> groups) =>
        groups.Select(g => $"if({Tuple(groups)} IN (SELECT key FROM largest), toString({g.Of("r")}), '{Others}') AS {g.Name}");

    private static string Tuple(IReadOnlyList<Dimension> groups) => $"tuple({string.Join(", ", groups.Select(g => g.Of("r")))})";
}
