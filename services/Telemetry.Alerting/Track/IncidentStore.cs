using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Telemetry.Alerting.Notify;
using Telemetry.ClickHouse.Claims;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Track;

/// <summary>Incidents, what they owe and what was delivered, in ClickHouse.</summary>
internal sealed class IncidentStore(ClickHouseClient client)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Every open incident, and those that ended of late, which tell flapping.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<Incident>> LoadAsync(CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            "SELECT snapshot FROM alert_incidents_now WHERE state != 'resolved' OR recorded_at > now() - INTERVAL 2 HOUR", null, cancellation);
        return [.. result.Rows.Select(r => Parse(r.GetString("snapshot")))];
    }

    /// <summary>Records changes as one insert: all of them, with what they owe, or none.</summary>
    /// <exception cref="ClickHouseException">ClickHouse does not take it, or did not answer: whether it is recorded is not known then.</exception>
    public Task AppendAsync(IReadOnlyList<IncidentChange> changes, Claim claim, DateTimeOffset now, CancellationToken cancellation)
    {
        var rows = new IncidentRows();
        foreach (IncidentChange change in changes)
        {
            rows.Append(change, JsonSerializer.SerializeToUtf8Bytes(change.After, s_json), claim, now);
        }

        return client.InsertAsync("alert_incidents", rows.Block, null, cancellation);
    }

    /// <summary>Notifications that were recorded as owed and neither delivered nor given up, the oldest first. Each is given up within a week.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<Notification>> OwedAsync(CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            """
            SELECT group_id, channel, owes_kind, min(at) AS owed_at, groupUniqArray(snapshot) AS snapshots
            FROM (SELECT *, arrayJoin(owes) AS channel FROM alert_changes WHERE notEmpty(owes) AND recorded_at > now() - INTERVAL 8 DAY)
            WHERE (group_id, channel) NOT IN (SELECT group_id, channel FROM alert_deliveries)
            GROUP BY group_id, channel, owes_kind
            ORDER BY owed_at
            """,
            null,
            cancellation);
        return [.. result.Rows.Select(r => new Notification(
            r.GetString("group_id"), r.GetString("channel"), r.GetString("owes_kind"), r.GetDateTime("owed_at"), [.. r.GetArray<string>("snapshots").Select(Parse).OrderBy(i => i.Key, StringComparer.Ordinal)]))];
    }

    /// <summary>Records how notifications ended.</summary>
    /// <exception cref="ClickHouseException">ClickHouse does not take it.</exception>
    public Task NoteAsync(IReadOnlyList<Notification> notifications, bool delivered, int attempts, string detail, Claim claim, CancellationToken cancellation) => client.ExecuteAsync(
        """
        INSERT INTO alert_deliveries (notification_id, group_id, channel, outcome, attempts, detail, epoch, owner)
        SELECT concat(id, '-', {channel:String}), id, {channel:String}, {outcome:String}, {attempts:UInt32}, {detail:String}, {epoch:UInt64}, {owner:String}
        FROM (SELECT arrayJoin({ids:Array(String)}) AS id)
        """,
        new Dictionary<string, object?>
        {
            ["ids"] = notifications.Select(n => n.GroupId).ToArray(),
            ["channel"] = notifications[0].Channel,
            ["outcome"] = delivered ? "delivered" : "dropped",
            ["attempts"] = attempts,
            ["detail"] = detail,
            ["epoch"] = claim.Epoch,
            ["owner"] = claim.Owner,
        },
        cancellation);

    private static Incident Parse(string snapshot) =>
        JsonSerializer.Deserialize<Incident>(Encoding.UTF8.GetBytes(snapshot), s_json) ?? throw new InvalidDataException("an incident in alert_incidents is empty");
}
