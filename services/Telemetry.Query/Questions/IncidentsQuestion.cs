using Telemetry.Query.Ask;
using Telemetry.Query.Page;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>Incidents as they stand now, and one with its history.</summary>
internal static class IncidentsQuestion
{
    /// <summary>What a list can be sorted by.</summary>
    public static readonly IReadOnlyList<Sort> Sorts = [new("time", "toUnixTimestamp64Milli(r.started_at)", "Int64", Nullable: false)];

    /// <summary>What tells incidents of the same moment apart.</summary>
    public static readonly IReadOnlyList<string> Ids = ["incident_id"];

    /// <summary>Filters: parameter and column.</summary>
    public static readonly IReadOnlyList<string> Filters = ["rule", "severity", "state"];

    /// <summary>What is told of an incident.</summary>
    public static readonly IReadOnlyList<Column> Columns =
    [
        Column.Text("incident_id", "Id"), Column.Text("rule", "Rule"), new("labels", ColumnType.Map, "What the rule groups by, and the values of this incident"),
        Column.Text("severity", "info, warning, critical"), Column.Text("state", "pending, firing, acknowledged, resolved"), Column.Text("summary", "What happened, in words"),
        Column.Number("value", "What was measured at the last change"),
        Column.Time("started_at", "Since when the condition holds"), Column.Time("fired_at", "When it fired", nullable: true),
        Column.Time("acknowledged_at", "When somebody took it over", nullable: true), Column.Text("acknowledged_by", "Who; empty for nobody"),
        Column.Time("resolved_at", "When it was over", nullable: true), Column.Flag("silenced", "Whether notifications are held back"),
        Column.Flag("flapping", "Whether it comes and goes so often that it is held open"), Column.Texts("trace_ids", "Traces that show it"),
    ];

    private static readonly Column[] s_changes =
    [
        Column.Time("at", "When"), Column.Text("change", "What happened"), Column.Text("state", "What it became"), Column.Text("severity", "How bad"),
        Column.Text("summary", "In words"), Column.Number("value", "What was measured"), Column.Texts("owes", "Channels that were to be notified"), Column.Text("owes_kind", "Of what"),
    ];

    private static readonly Column[] s_deliveries =
    [
        Column.Time("at", "When"), Column.Text("channel", "Channel"), Column.Text("outcome", "delivered or dropped"), Column.Integer("attempts", "Attempts"), Column.Text("detail", "What the receiver said"),
    ];

    /// <summary>Silences.</summary>
    public static readonly IReadOnlyList<Column> OfSilences =
    [
        Column.Text("silence_id", "Id"), new("matchers", ColumnType.Map, "Label, rule or severity, and its pattern; all must match"), Column.Time("starts_at", "From when"),
        Column.Time("ends_at", "Until when"), Column.Text("created_by", "Who"), Column.Text("comment", "Why"),
    ];

    /// <summary>One page of those that went on at any time of the range.</summary>
    public static Statement Ask(TimeRange range, IReadOnlyList<(string Column, IReadOnlyList<string> Values)> filters, PageRequest page)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { ["from"] = range.From, ["to"] = range.To };
        string[] ids = [.. Ids.Select(i => "r." + i)];
        string sql = $$"""
            SELECT
                {{Select(Columns)}},
                {{page.Sort.Expression}} AS {{Sort.Key}}
            FROM alert_incidents_now AS r
            WHERE r.started_at < {to:DateTime64(3, 'UTC')} AND (r.state != 'resolved' OR r.resolved_at >= {from:DateTime64(3, 'UTC')}){{ListFilter.Where(filters, parameters)}}{{page.Where(ids, parameters)}}
            {{page.OrderBy(ids)}}
            LIMIT {{page.Limit + 1}}
            """;
        return new Statement("data", sql, parameters, Columns) { Limit = page.Limit };
    }

    /// <summary>One incident, what changed, and what was notified.</summary>
    public static IReadOnlyList<Statement> AskOne(string id)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { ["id"] = id };
        return
        [
            new("incident", $$"""SELECT {{Select(Columns)}} FROM alert_incidents_now AS r WHERE r.incident_id = {id:String} LIMIT 1""", parameters, Columns),
            new("changes", $$"""SELECT {{Select(s_changes)}} FROM alert_changes AS r WHERE r.incident_id = {id:String} ORDER BY r.epoch, r.version LIMIT 1000""", parameters, s_changes),
            new(
                "deliveries",
                $$"""
                SELECT {{Select(s_deliveries)}} FROM alert_deliveries AS r
                WHERE r.group_id IN (SELECT group_id FROM alert_changes WHERE incident_id = {id:String} AND notEmpty(owes))
                ORDER BY r.at LIMIT 1000
                """,
                parameters, s_deliveries),
        ];
    }

    /// <summary>Silences that have not ended.</summary>
    public static Statement Silences() => new(
        "data", $"SELECT {Select(OfSilences)} FROM alert_silences_now AS r WHERE r.ends_at > now() ORDER BY r.starts_at, r.silence_id LIMIT 1000", new Dictionary<string, object?>(), OfSilences);

    private static string Select(IReadOnlyList<Column> columns) => string.Join(", ", columns.Select(c => "r." + c.Name));
}
