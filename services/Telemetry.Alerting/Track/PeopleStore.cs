using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Track;

/// <summary>An incident as people look at it.</summary>
internal sealed record ListedIncident(
    string Id, string Rule, IReadOnlyDictionary<string, string> Labels, string Severity, string State, string Text, DateTimeOffset StartedAt, DateTimeOffset? FiredAt, string AcknowledgedBy,
    DateTimeOffset? ResolvedAt, bool Silenced, bool Flapping, IReadOnlyList<string> TraceIds);

/// <summary>What people ask and say: incidents, acknowledgements, silences.</summary>
internal sealed class PeopleStore(ClickHouseClient client)
{
    private const int MostListed = 10_000;

    /// <summary>Incidents, the newest last; open ones, or all that changed since a time.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<ListedIncident>> ListAsync(DateTimeOffset? since, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            $$"""
            SELECT * FROM alert_incidents_now WHERE {{(since is null ? "state != 'resolved'" : "recorded_at >= {since:DateTime64(3)}")}}
            ORDER BY started_at DESC LIMIT {{MostListed}}
            """,
            new Dictionary<string, object?> { ["since"] = since },
            cancellation);
        return [.. result.Rows.Select(Read).Reverse()];
    }

    /// <summary>The incident whose id begins so; null for none or several.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<ListedIncident?> FindAsync(string id, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            "SELECT * FROM alert_incidents_now WHERE startsWith(incident_id, {id:String}) LIMIT 2", new Dictionary<string, object?> { ["id"] = id }, cancellation);
        return result.Rows.Count == 1 ? Read(result.Rows[0]) : null;
    }

    /// <summary>Notes that somebody looks after an incident; the instance that evaluates takes it over in its next round.</summary>
    /// <exception cref="ClickHouseException">ClickHouse does not take it.</exception>
    public Task AcknowledgeAsync(string incidentId, string by, string comment, CancellationToken cancellation) => client.ExecuteAsync(
        "INSERT INTO alert_acknowledgements (incident_id, by, comment) SELECT {id:String}, {by:String}, {comment:String}",
        new Dictionary<string, object?> { ["id"] = incidentId, ["by"] = by, ["comment"] = comment }, cancellation);

    /// <summary>Silences that have not ended.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<Silence>> SilencesAsync(CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            "SELECT silence_id, matchers, starts_at, ends_at, created_by, comment FROM alert_silences_now WHERE ends_at > now() ORDER BY starts_at", null, cancellation);
        return [.. result.Rows.Select(Silences.Read)];
    }

    /// <summary>Notes a silence.</summary>
    /// <param name="silence">The silence.</param>
    /// <param name="removed">Whether it is taken back.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse does not take it.</exception>
    public Task NoteAsync(Silence silence, bool removed, CancellationToken cancellation) => client.ExecuteAsync(
        """
        INSERT INTO alert_silences (silence_id, matchers, starts_at, ends_at, created_by, comment, removed)
        SELECT {id:String}, {matchers:Map(String, String)}, {from:DateTime64(3)}, {until:DateTime64(3)}, {by:String}, {comment:String}, {removed:Bool}
        """,
        new Dictionary<string, object?>
        {
            ["id"] = silence.Id,
            ["matchers"] = silence.Matchers.ToDictionary(),
            ["from"] = silence.StartsAt,
            ["until"] = silence.EndsAt,
            ["by"] = silence.CreatedBy,
            ["comment"] = silence.Comment,
            ["removed"] = removed,
        },
        cancellation);

    private static ListedIncident Read(ClickHouseRow row) => new(
        row.GetString("incident_id"), row.GetString("rule"),
        ((Dictionary<object, object?>)row.GetValue("labels")!).ToDictionary(l => (string)l.Key, l => (string)l.Value!),
        row.GetString("severity"), row.GetString("state"), row.GetString("summary"), row.GetDateTime("started_at"), Time(row, "fired_at"), row.GetString("acknowledged_by"),
        Time(row, "resolved_at"), row.GetBoolean("silenced"), row.GetBoolean("flapping"), row.GetArray<string>("trace_ids"));

    private static DateTimeOffset? Time(ClickHouseRow row, string column) => row.IsNull(column) ? null : row.GetDateTime(column);
}
