using Telemetry.ClickHouse.Client;

namespace Telemetry.Query.Ask;

/// <summary>What a statement answered.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Answer">Columns and rows.</param>
/// <param name="Summary">What it cost.</param>
internal sealed record Result(Statement Statement, ClickHouseResult Answer, QuerySummary Summary)
{
    /// <summary>Rows to give out.</summary>
    public IEnumerable<ClickHouseRow> Rows => HasMore ? Answer.Rows.Take(Statement.Limit) : Answer.Rows;

    /// <summary>Whether there are more rows than were asked for.</summary>
    public bool HasMore => Statement.Limit > 0 && Answer.Rows.Count > Statement.Limit;
}
