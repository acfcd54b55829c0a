using System.Text;
using Telemetry.ClickHouse.Claims;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.Alerting.Track;

/// <summary>Rows for <c>alert_incidents</c>.</summary>
internal sealed class IncidentRows
{
    private readonly StringColumn _id = new("incident_id");
    private readonly StringColumn _key = new("key");
    private readonly NumberColumn<uint> _version = new("version");
    private readonly Enum8Column _state = new("state", "Enum8('pending' = 1, 'firing' = 2, 'acknowledged' = 3, 'resolved' = 4)");
    private readonly LowCardinalityStringColumn _change = new("change");
    private readonly LowCardinalityStringColumn _rule = new("rule");
    private readonly StringMapColumn _labels = new("labels");
    private readonly LowCardinalityStringColumn _severity = new("severity");
    private readonly StringColumn _summary = new("summary");
    private readonly NullableNumberColumn<double> _value = new("value");
    private readonly DateTime64Column _startedAt = new("started_at", 3);
    private readonly NullableDateTime64Column _firedAt = new("fired_at", 3);
    private readonly NullableDateTime64Column _acknowledgedAt = new("acknowledged_at", 3);
    private readonly StringColumn _acknowledgedBy = new("acknowledged_by");
    private readonly NullableDateTime64Column _resolvedAt = new("resolved_at", 3);
    private readonly BoolColumn _silenced = new("silenced");
    private readonly BoolColumn _flapping = new("flapping");
    private readonly LowCardinalityStringArrayColumn _traceIds = new("trace_ids");
    private readonly LowCardinalityStringArrayColumn _owes = new("owes");
    private readonly LowCardinalityStringColumn _owesKind = new("owes_kind");
    private readonly StringColumn _groupId = new("group_id");
    private readonly StringColumn _snapshot = new("snapshot");
    private readonly NumberColumn<ulong> _epoch = new("epoch");
    private readonly StringColumn _owner = new("owner");
    private readonly DateTime64Column _at = new("at", 3);

    public IncidentRows() => Block = new NativeBlock(
    [
        _id, _key, _version, _state, _change, _rule, _labels, _severity, _summary, _value, _startedAt, _firedAt, _acknowledgedAt, _acknowledgedBy, _resolvedAt, _silenced, _flapping,
        _traceIds, _owes, _owesKind, _groupId, _snapshot, _epoch, _owner, _at,
    ]);

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Appends one change.</summary>
    public void Append(IncidentChange change, ReadOnlySpan<byte> snapshot, Claim claim, DateTimeOffset now)
    {
        Incident incident = change.After;
        Append(_id, incident.Id);
        Append(_key, incident.Key);
        _version.Append((uint)incident.Version);
        _state.Append((sbyte)incident.State);
        Append(_change, change.What);
        Append(_rule, incident.Rule);
        foreach ((string name, string value) in incident.Labels)
        {
            _labels.Append(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        _labels.EndRow();
        Append(_severity, incident.Severity);
        Append(_summary, incident.Text);
        _value.Append(incident.Value);
        _startedAt.Append(incident.StartedAt.ToUnixTimeMilliseconds());
        Append(_firedAt, incident.FiredAt);
        Append(_acknowledgedAt, incident.AcknowledgedAt);
        Append(_acknowledgedBy, incident.AcknowledgedBy);
        Append(_resolvedAt, incident.ResolvedAt);
        _silenced.Append(incident.Silenced);
        _flapping.Append(incident.Flapping);
        Append(_traceIds, incident.TraceIds);
        Append(_owes, change.Owes);
        Append(_owesKind, change.OwesKind);
        Append(_groupId, change.GroupId);
        _snapshot.Append(snapshot);
        _epoch.Append(claim.Epoch);
        Append(_owner, claim.Owner);
        _at.Append(now.ToUnixTimeMilliseconds());
    }

    private static void Append(StringColumn column, string text) => column.Append(Encoding.UTF8.GetBytes(text));

    private static void Append(LowCardinalityStringColumn column, string text) => column.Append(Encoding.UTF8.GetBytes(text));

    private static void Append(LowCardinalityStringArrayColumn column, IReadOnlyList<string> texts)
    {
        foreach (string text in texts)
        {
            column.Append(Encoding.UTF8.GetBytes(text));
        }

        column.EndRow();
    }

    private static void Append(NullableDateTime64Column column, DateTimeOffset? time)
    {
        if (time is { } t)
        {
            column.Append(t.ToUnixTimeMilliseconds());
        }
        else
        {
            column.AppendNull();
        }
    }
}
