using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>The values of a dimension, the most frequent first, for lists to choose from.</summary>
internal static class ValuesQuestion
{
    /// <summary>The columns.</summary>
    public static readonly IReadOnlyList<Column> Columns = [Column.Text("value", "Value; empty where calls have none"), Column.Integer("calls", "Calls with it in the range")];

    /// <summary>The statement.</summary>
    /// <param name="dimension">Of what.</param>
    /// <param name="range">When.</param>
    /// <param name="contains">What a value must contain, whatever its case; empty for anything.</param>
    /// <param name="limit">Most values.</param>
    /// <param name="selection">Of which calls.</param>
    public static Statement Ask(Dimension dimension, TimeRange range, string contains, int limit, Selection selection)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal);
        bool rollup = dimension.InRollups && selection.FitsRollups;
        string source = rollup ? Sources.Rollups(range, selection, parameters) : Sources.Calls(range, selection, parameters);
        string value = dimension.IsList ? $"toString(arrayJoin(r.{dimension.Column}))" : $"toString({dimension.Of("r")})";
        string where = "";
        if (contains.Length > 0)
        {
            parameters["contains"] = contains;
            where = " AND positionCaseInsensitiveUTF8(value, {contains:String}) > 0";
        }

        string sql = $"""
            SELECT {value} AS value, {Aggregate.Fill("{calls}", rollup)} AS calls
            {source}
            GROUP BY value
            HAVING calls > 0{where}
            ORDER BY calls DESC, value
            LIMIT {limit + 1}
            """;
        return new Statement("data", sql, parameters, Columns) { Limit = limit };
    }
}
