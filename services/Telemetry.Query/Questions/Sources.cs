using Telemetry.Query.Filter;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>Where calls are read from, with the range and the selection as conditions.</summary>
internal static class Sources
{
    /// <summary>FROM and WHERE over the rollups, named <c>r</c>.</summary>
    public static string Rollups(TimeRange range, Selection selection, IDictionary<string, object?> parameters) =>
        $"FROM llm_rollups AS r\nWHERE {RollupSegments.Of(range).Where("r", "part", parameters)}{selection.Where("r", parameters)}";

    /// <summary>FROM and WHERE over the calls, corrections included, named <c>r</c>.</summary>
    public static string Calls(TimeRange range, Selection selection, IDictionary<string, object?> parameters) =>
        $"FROM llm_calls AS r\nWHERE {InRange("r", range, parameters)}{selection.Where("r", parameters)}";

    /// <summary>The condition that a row lies in a range. Its arrival bounds the partitions that are read: the clock of an app may be a day ahead.</summary>
    public static string InRange(string alias, TimeRange range, IDictionary<string, object?> parameters)
    {
        parameters["from"] = range.From;
        parameters["to"] = range.To;
        return $"{alias}.ts >= {{from:DateTime64(3, 'UTC')}} AND {alias}.ts < {{to:DateTime64(3, 'UTC')}} AND {alias}.ingested_at >= {{from:DateTime64(3, 'UTC')}} - INTERVAL 1 DAY";
    }
}
