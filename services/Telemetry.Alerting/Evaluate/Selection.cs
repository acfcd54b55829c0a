using Telemetry.Alerting.Read;

namespace Telemetry.Alerting.Evaluate;

/// <summary>Builds the parts of statements that a rule's dimensions decide. Names come from fixed lists; every value is a parameter.</summary>
internal sealed class Selection
{
    private readonly IReadOnlyList<Dimension> _groupBy;
    private readonly IReadOnlyList<Filter> _filters;

    public Selection(IReadOnlyList<Dimension> groupBy, IReadOnlyList<Filter> filters)
    {
        _groupBy = groupBy;
        _filters = filters;
        for (int i = 0; i < filters.Count; i++)
        {
            Parameters[$"f{i}"] = filters[i].Values;
        }
    }

    /// <summary>Values of the parameters.</summary>
    public Dictionary<string, object?> Parameters { get; } = [];

    /// <summary>Whether the rollups know every dimension.</summary>
    public bool FitsRollups => _groupBy.Concat(_filters.Select(f => f.Dimension)).All(d => d.InRollups);

    /// <summary>The dimensions as columns d0, d1, ..., each with a comma behind it.</summary>
    public string Columns => string.Concat(_groupBy.Select((d, i) => $"toString(source.{d.Column}) AS d{i}, "));

    /// <summary>The GROUP BY clause; empty without dimensions.</summary>
    public string GroupBy => _groupBy.Count == 0 ? "" : "GROUP BY " + string.Join(", ", _groupBy.Select((_, i) => $"d{i}"));

    /// <summary>The filters, each with AND before it.</summary>
    public string Where => string.Concat(_filters.Select((f, i) => $" AND source.{f.Dimension.Column} {(f.Excluded ? "NOT IN" : "IN")} {{f{i}:Array(String)}}"));

    /// <summary>The labels of a row.</summary>
    public Labels LabelsOf(ClickHouse.Client.ClickHouseRow row) =>
        new(_groupBy.Select((d, i) => KeyValuePair.Create(d.Name, row.GetString($"d{i}"))));

    /// <summary>The same filters and one more for each label, for looking at one group.</summary>
    public static Selection OfGroup(Rule rule, Labels labels) => new([],
    [
        .. rule.Filters,
        .. rule.GroupBy.Where(d => labels.Values.ContainsKey(d.Name)).Select(d => new Filter(d, [labels.Values[d.Name]], false)),
    ]);
}
