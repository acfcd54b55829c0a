namespace Telemetry.Alerting.Track;

/// <summary>One state change, with the notifications that it owes.</summary>
/// <param name="After">The incident after it.</param>
/// <param name="What">Name of the change.</param>
/// <param name="OwesKind">What channels are told; empty for nothing.</param>
/// <param name="Owes">Channels.</param>
internal sealed record IncidentChange(Incident After, string What, string OwesKind, IReadOnlyList<string> Owes)
{
    /// <summary>Changes of one round that go out together.</summary>
    public string GroupId { get; init; } = "";
}

/// <summary>What a notification says.</summary>
internal static class NotificationKinds
{
    public const string Fired = "fired";
    public const string Escalated = "escalated";
    public const string Reminder = "reminder";
    public const string Resolved = "resolved";
    public const string Acknowledged = "acknowledged";
    public const string Test = "test";
}
