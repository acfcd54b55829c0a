using Telemetry.Alerting.Track;

namespace Telemetry.Alerting.Notify;

/// <summary>One notification: the incidents of one rule that changed in one round, for one channel.</summary>
/// <param name="GroupId">Id of the changes; the same after a restart and on another instance.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Kind">fired, escalated, reminder, resolved, test.</param>
/// <param name="OwedAt">Since when it is owed.</param>
/// <param name="Incidents">The incidents as they were at the change.</param>
internal sealed record Notification(string GroupId, string Channel, string Kind, DateTimeOffset OwedAt, IReadOnlyList<Incident> Incidents)
{
    /// <summary>What receivers deduplicate by: the same for every attempt, from whichever instance.</summary>
    public string Id => $"{GroupId}-{Channel}";
}
