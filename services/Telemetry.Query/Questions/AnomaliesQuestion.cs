using Telemetry.Query.Ask;
using Telemetry.Query.Page;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>What the detection found, each anomaly as it stands now.</summary>
internal static class AnomaliesQuestion
{
    /// <summary>What a list can be sorted by.</summary>
    public static readonly IReadOnlyList<Sort> Sorts =
    [
        new("time", "toUnixTimestamp(r.opened_at)", "Int64", Nullable: false),
        new("score", "r.score", "Float64", Nullable: false),
    ];

    /// <summary>What tells anomalies of the same moment apart.</summary>
    public static readonly IReadOnlyList<string> Ids = ["anomaly_id"];

    /// <summary>Filters: parameter and column.</summary>
    public static readonly IReadOnlyList<string> Filters = ["tenant", "service", "model", "metric", "severity", "state", "kind", "prompt_name"];

    /// <summary>What is told of an anomaly.</summary>
    public static readonly IReadOnlyList<Column> Columns =
    [
        Column.Text("anomaly_id", "Id"), Column.Text("state", "open or closed"),
        Column.Time("opened_at", "Start of the first window in which it stood out"), Column.Time("last_at", "End of the last one"),
        Column.Time("closed_at", "End of the first window in which it was over", nullable: true),
        Column.Text("scope", "What is watched: service, service_model, prompt, tenant"),
        Column.Text("tenant", "Tenant"), Column.Text("service", "Service"), Column.Text("model", "Model"), Column.Text("operation", "Operation"),
        Column.Text("prompt_name", "Prompt"), Column.Text("prompt_version", "Its version"),
        Column.Text("metric", "What stood out"), Column.Text("subject", "Name of the score, the new model, the new error"),
        Column.Text("kind", "shift, silence, novelty"), Column.Text("direction", "up or down"), Column.Text("severity", "info, warning, critical"),
        Column.Text("unit", "Unit of observed, expected and the range"),
        Column.Number("observed", "What was measured"), Column.Number("expected", "What is usual"),
        Column.Number("range_low", "Below it would have been noticed"), Column.Number("range_high", "Above it would have been noticed"),
        Column.Number("score", "Standard deviations of what is usual", nullable: false),
        Column.Integer("calls", "Calls in the window"), Column.Texts("exemplars", "Traces that show it, worst first"), Column.Text("why", "In words"),
    ];

    /// <summary>One page of those that were open at any time of the range.</summary>
    public static Statement Ask(TimeRange range, IReadOnlyList<(string Column, IReadOnlyList<string> Values)> filters, PageRequest page)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { ["from"] = range.From, ["to"] = range.To };
        string[] ids = [.. Ids.Select(i => "r." + i)];
        string sql = $$"""
            SELECT
                {{string.Join(", ", Columns.Select(c => "r." + c.Name))}},
                {{page.Sort.Expression}} AS {{Sort.Key}}
            FROM llm_anomalies_now AS r
            WHERE r.opened_at < {to:DateTime('UTC')} AND (r.state = 'open' OR r.closed_at >= {from:DateTime('UTC')}){{ListFilter.Where(filters, parameters)}}{{page.Where(ids, parameters)}}
            {{page.OrderBy(ids)}}
            LIMIT {{page.Limit + 1}}
            """;
        return new Statement("data", sql, parameters, Columns) { Limit = page.Limit };
    }
}
