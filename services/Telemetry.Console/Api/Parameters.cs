using System.Globalization;
using Telemetry.Query.Filter;
using Telemetry.Query.Page;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;

namespace Telemetry.Console.Api;

/// <summary>Parameters that many routes have.</summary>
internal static class Parameters
{
    /// <summary>Most rows of a page.</summary>
    public const int MostRows = 1000;

    /// <summary>Range.</summary>
    public static readonly IReadOnlyList<ApiParameter> Range =
    [
        new("from", "Start of the range: " + TimeText.Allowed, "now-6h"),
        new("to", "End of the range, not part of it; as from", "now") { Default = "now" },
        new("tz", "IANA time zone: where days begin, for steps of a day and more, for dates and for today", "Europe/Berlin") { Default = "UTC" },
    ];

    /// <summary>Format of a table.</summary>
    public static readonly ApiParameter Format = new("format", "Format of the answer; beats Accept. The others than json are the rows alone, streamed")
    {
        Allowed = [.. AnswerFormat.All.Select(f => f.Name)],
        Default = "json",
    };

    /// <summary>Where a list goes on.</summary>
    public static readonly ApiParameter Cursor = new("cursor", "next_cursor of the page before; the range is then that of the first page");

    /// <summary>Order of a list.</summary>
    public static readonly ApiParameter Order = new("order", "desc gives the greatest first") { Allowed = ["desc", "asc"], Default = "desc" };

    /// <summary>Filters on dimensions of the rollups.</summary>
    public static readonly IReadOnlyList<ApiParameter> RollupFilters = [.. Dimension.OfRollups.SelectMany(Filters)];

    /// <summary>Filters on all dimensions.</summary>
    public static readonly IReadOnlyList<ApiParameter> AllFilters = [.. Dimension.All.SelectMany(Filters)];

    /// <summary>Least values of numbers.</summary>
    public static readonly IReadOnlyList<ApiParameter> Numbers = [.. Selection.Numbers.Select(n => new ApiParameter(n.Name, n.Description) { Type = "number" })];

    /// <summary>Metrics of a series.</summary>
    public static readonly ApiParameter Metrics = new("metric", "What is shown; several times for several", "cost_usd")
    {
        Repeats = true,
        Allowed = [.. Metric.All.Select(m => m.Column.Name)],
        Default = "calls",
    };

    /// <summary>Length of a page.</summary>
    public static ApiParameter Limit(int usual, int most = MostRows) =>
        new("limit", string.Create(CultureInfo.InvariantCulture, $"Most rows, 1 to {most}")) { Type = "integer", Default = usual.ToString(CultureInfo.InvariantCulture) };

    /// <summary>What a list is sorted by.</summary>
    public static ApiParameter SortBy(IReadOnlyList<Sort> sorts) =>
        new("sort", "What the list is sorted by; calls without a value are left out") { Allowed = [.. sorts.Select(s => s.Name)], Default = sorts[0].Name };

    /// <summary>Dimensions to group by.</summary>
    public static ApiParameter GroupBy(string name, IReadOnlyList<Dimension> dimensions, string? usual = null) =>
        new(name, "What to group by; up to three, several times or with commas") { Repeats = true, Allowed = [.. dimensions.Select(d => d.Name)], Default = usual };

    /// <summary>Filters on plain columns of a list.</summary>
    public static IReadOnlyList<ApiParameter> Columns(IEnumerable<string> names) =>
        [.. names.Select(n => new ApiParameter(n, $"Only rows with this {n.Replace('_', ' ')}; several times for any of several") { Repeats = true })];

    private static IEnumerable<ApiParameter> Filters(Dimension dimension) =>
    [
        new(dimension.Name, $"Only calls with this: {dimension.Description}; several times for any of several, empty for calls without") { Repeats = true },
        new(dimension.Name + "!", $"Only calls without this: {dimension.Description}; written {dimension.Name}!=value") { Repeats = true },
    ];
}
