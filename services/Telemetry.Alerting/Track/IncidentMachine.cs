using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Telemetry.Alerting.Evaluate;
using Telemetry.Alerting.Read;

namespace Telemetry.Alerting.Track;

/// <summary>What the step of an incident depends on beside the incident itself.</summary>
/// <param name="Rule">Its rule.</param>
/// <param name="Sample">What was seen.</param>
/// <param name="Now">When.</param>
/// <param name="Targets">Channels that must hear of it.</param>
/// <param name="IsSilenced">Whether notifications are held back.</param>
/// <param name="AcknowledgedBy">Who acknowledged it; null when nobody did.</param>
/// <param name="Acknowledging">Channels whose receiver wants to know that somebody has acknowledged it.</param>
/// <param name="RecentFires">When incidents of its key fired of late.</param>
internal sealed record StepInput(
    Rule Rule, Sample Sample, DateTimeOffset Now, IReadOnlyList<string> Targets, bool IsSilenced, string? AcknowledgedBy, IReadOnlyList<string> Acknowledging,
    IReadOnlyList<DateTimeOffset> RecentFires);

/// <summary>The life of an incident: pending, firing, acknowledged, resolved. Pure: the same input gives the same change, at most one a step.</summary>
internal static class IncidentMachine
{
    /// <summary>Fires within this time count for flapping.</summary>
    public static readonly TimeSpan FlapWindow = TimeSpan.FromHours(1);

    /// <summary>So many fires are flapping.</summary>
    public const int FlapFires = 4;

    /// <summary>A flapping incident must be over for that long.</summary>
    public static readonly TimeSpan FlapHold = TimeSpan.FromMinutes(15);

    /// <summary>The key of incidents of a rule and labels.</summary>
    public static string KeyOf(string rule, Labels labels) => $"{rule}|{labels.Key}";

    /// <summary>The next change of an incident that is open, or of a key without one; null for none.</summary>
    public static IncidentChange? Step(Incident? open, StepInput input) => open switch
    {
        null => input.Sample.Verdict == Verdict.Breached ? Begin(input) : null,
        { State: IncidentState.Pending } => StepPending(open, input),
        _ => StepFiring(open, input),
    };

    /// <summary>Ends an incident whose rule is gone, or of which nothing was heard for too long.</summary>
    public static IncidentChange End(Incident open, string why, DateTimeOffset now) => Resolve(open with { Text = why }, now);

    private static IncidentChange Begin(StepInput input)
    {
        string key = KeyOf(input.Rule.Name, input.Sample.Labels);
        Incident incident = Seen(
            new Incident
            {
                Id = Hash(string.Create(CultureInfo.InvariantCulture, $"{key}|{input.Now.ToUnixTimeMilliseconds()}")),
                Key = key,
                Rule = input.Rule.Name,
                Labels = input.Sample.Labels.Values,
                Severity = input.Sample.Severity ?? input.Rule.Severity,
                State = IncidentState.Pending,
                StartedAt = input.Now,
                Fires = input.RecentFires,
            },
            input);
        return input.Rule.For <= TimeSpan.Zero ? Fire(incident, input) : Nothing(incident, "pending");
    }

    private static IncidentChange? StepPending(Incident open, StepInput input) => input.Sample.Verdict switch
    {
        Verdict.Breached => input.Now - open.StartedAt >= input.Rule.For ? Fire(Seen(open, input), input) : null,
        Verdict.Unknown => null,
        _ => Nothing(open with { State = IncidentState.Resolved, ResolvedAt = input.Now }, "withdrawn"),
    };

    private static IncidentChange Fire(Incident incident, StepInput input)
    {
        DateTimeOffset[] fires = [.. incident.Fires.Where(f => input.Now - f < FlapWindow).TakeLast(2 * FlapFires), input.Now];
        Incident fired = incident with
        {
            State = IncidentState.Firing,
            FiredAt = input.Now,
            Fires = fires,
            Flapping = fires.Length >= FlapFires,
        };
        return Tell(fired, "fired", NotificationKinds.Fired, input.Targets, input);
    }

    private static IncidentChange? StepFiring(Incident open, StepInput input)
    {
        if (open.State == IncidentState.Firing && input.AcknowledgedBy is { } by)
        {
            return Acknowledge(open, by, input);
        }

        return input.Sample.Verdict switch
        {
            Verdict.Clear => StepClear(open, input),
            Verdict.Unknown => Remind(open, input),
            _ when open.ClearSince is not null => Nothing(Seen(open, input) with { ClearSince = null }, "breached_again"),
            _ => Remind(open, input),
        };
    }

    // Where it was opened somebody may still be called; those who never heard of it need not hear that it is in good hands.
    private static IncidentChange Acknowledge(Incident open, string by, StepInput input)
    {
        IncidentChange change = Nothing(open with { State = IncidentState.Acknowledged, AcknowledgedAt = input.Now, AcknowledgedBy = by }, "acknowledged");
        string[] owes = [.. open.Notified.Intersect(input.Acknowledging)];
        return owes.Length == 0 ? change : change with { OwesKind = NotificationKinds.Acknowledged, Owes = owes };
    }

    private static IncidentChange? StepClear(Incident open, StepInput input)
    {
        TimeSpan hold = open.Flapping && input.Rule.KeepFiringFor < FlapHold ? FlapHold : input.Rule.KeepFiringFor;
        DateTimeOffset since = open.ClearSince ?? input.Now;
        if (input.Now - since >= hold)
        {
            return Resolve(open with { Value = input.Sample.Value ?? open.Value, Text = input.Sample.Text.Length > 0 ? input.Sample.Text : open.Text }, input.Now);
        }

        return open.ClearSince is null ? Nothing(open with { ClearSince = since }, "clearing") : null;
    }

    // Who was not told, because of a silence that is over or of a route that has changed; then who hears when nobody reacts.
    private static IncidentChange? Remind(Incident open, StepInput input)
    {
        string[] untold = [.. input.Targets.Except(open.Notified)];
        if (untold.Length > 0 && !input.IsSilenced)
        {
            return Tell(Seen(open, input), "notified", NotificationKinds.Fired, untold, input);
        }

        if (open.State != IncidentState.Firing || input.IsSilenced)
        {
            return null;
        }

        if (open.Escalations < input.Rule.Escalations.Count && input.Rule.Escalations[open.Escalations] is { } next && input.Now - open.FiredAt >= next.After)
        {
            return Tell(open with { Escalations = open.Escalations + 1 }, "escalated", NotificationKinds.Escalated, next.Channels, input);
        }

        return input.Rule.RepeatEvery is { } every && input.Now - open.NotifiedAt >= every
            ? Tell(Seen(open, input), "reminded", NotificationKinds.Reminder, open.Notified, input)
            : null;
    }

    private static IncidentChange Tell(Incident incident, string what, string kind, IReadOnlyList<string> channels, StepInput input)
    {
        IReadOnlyList<string> owes = input.IsSilenced ? [] : channels;
        Incident after = incident with
        {
            Silenced = input.IsSilenced,
            Notified = [.. incident.Notified.Union(owes)],
            NotifiedAt = owes.Count > 0 ? input.Now : incident.NotifiedAt,
            Version = incident.Version + 1,
        };
        return new IncidentChange(after, what, owes.Count > 0 ? kind : "", owes);
    }

    // Whoever was told hears that it is over, silenced or not: what was opened elsewhere must be closed there.
    private static IncidentChange Resolve(Incident open, DateTimeOffset now)
    {
        Incident after = open with { State = IncidentState.Resolved, ResolvedAt = now, Version = open.Version + 1 };
        return new IncidentChange(after, "resolved", open.Notified.Count > 0 ? NotificationKinds.Resolved : "", open.Notified);
    }

    private static IncidentChange Nothing(Incident after, string what) => new(after with { Version = after.Version + 1 }, what, "", []);

    private static Incident Seen(Incident incident, StepInput input) => incident with
    {
        Value = input.Sample.Value,
        Text = input.Sample.Text,
        Summary = input.Rule.Summary,
        Runbook = input.Rule.Runbook,
        TraceIds = input.Sample.TraceIds.Count > 0 ? input.Sample.TraceIds : incident.TraceIds,
    };

    /// <summary>A stable id of 32 hex digits.</summary>
    public static string Hash(string text)
    {
        const int Bytes = 16;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));
    }
}
