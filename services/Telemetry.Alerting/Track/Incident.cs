namespace Telemetry.Alerting.Track;

/// <summary>Where an incident stands.</summary>
internal enum IncidentState
{
    /// <summary>The condition holds, not for long enough yet.</summary>
    Pending = 1,

    /// <summary>People were or are being told.</summary>
    Firing = 2,

    /// <summary>Somebody said that they look after it.</summary>
    Acknowledged = 3,

    /// <summary>Over.</summary>
    Resolved = 4,
}

/// <summary>One incident as it stands. Kept as JSON with each change, so that it goes on after a restart exactly as it was.</summary>
internal sealed record Incident
{
    /// <summary>Made of key and <see cref="StartedAt"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Rule and labels; at most one incident of a key is open.</summary>
    public required string Key { get; init; }

    /// <summary>Name of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>Labels by name.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>info, warning, critical.</summary>
    public required string Severity { get; init; }

    /// <summary>Where it stands.</summary>
    public IncidentState State { get; init; }

    /// <summary>Number of its changes.</summary>
    public int Version { get; init; }

    /// <summary>Since when the condition holds.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it fired.</summary>
    public DateTimeOffset? FiredAt { get; init; }

    /// <summary>When somebody acknowledged it.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Who acknowledged it.</summary>
    public string AcknowledgedBy { get; init; } = "";

    /// <summary>When it was over.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Since when the condition does not hold any more.</summary>
    public DateTimeOffset? ClearSince { get; init; }

    /// <summary>What was measured at the last change.</summary>
    public double? Value { get; init; }

    /// <summary>The same in words.</summary>
    public string Text { get; init; } = "";

    /// <summary>What the rule means.</summary>
    public string Summary { get; init; } = "";

    /// <summary>What to do.</summary>
    public string Runbook { get; init; } = "";

    /// <summary>Calls that show it.</summary>
    public IReadOnlyList<string> TraceIds { get; init; } = [];

    /// <summary>When incidents of this key fired of late, this one included.</summary>
    public IReadOnlyList<DateTimeOffset> Fires { get; init; } = [];

    /// <summary>Whether it is held open because it came and went too often.</summary>
    public bool Flapping { get; init; }

    /// <summary>Whether notifications are held back.</summary>
    public bool Silenced { get; init; }

    /// <summary>Channels that were told, and must hear when it is over.</summary>
    public IReadOnlyList<string> Notified { get; init; } = [];

    /// <summary>How many escalations there were.</summary>
    public int Escalations { get; init; }

    /// <summary>When channels were told last.</summary>
    public DateTimeOffset? NotifiedAt { get; init; }

    /// <summary>Whether it is not over.</summary>
    public bool IsOpen => State != IncidentState.Resolved;
}
