using System.Globalization;
using System.Text;
using Telemetry.Alerting.Read;
using Telemetry.Alerting.Track;

namespace Telemetry.Alerting.Notify;

/// <summary>What a notification says, in plain text without markup; each channel escapes it in its own way.</summary>
/// <param name="Title">One line.</param>
/// <param name="Severity">The worst severity.</param>
/// <param name="IsOver">Whether it is about the end of incidents.</param>
/// <param name="Incidents">One part an incident.</param>
internal sealed record Message(string Title, string Severity, bool IsOver, IReadOnlyList<MessagePart> Incidents);

/// <summary>What is said of one incident.</summary>
/// <param name="Headline">Rule and labels.</param>
/// <param name="Text">What was measured.</param>
/// <param name="Facts">Names and values: how bad, since when, which traces.</param>
/// <param name="Links">Names and links: incident, runbook, traces.</param>
internal sealed record MessagePart(string Headline, string Text, IReadOnlyList<(string Name, string Value)> Facts, IReadOnlyList<(string Name, string Link)> Links);

/// <summary>Puts messages together.</summary>
/// <param name="incidentLink">Link to an incident, with {incident}; empty for none.</param>
/// <param name="traceLink">Link to a trace, with {trace}; empty for none.</param>
internal sealed class MessageBuilder(string incidentLink, string traceLink)
{
    private const int MostParts = 20;
    private const int LongestText = 500;
    private const int LongestTitle = 200;

    /// <summary>The message of one notification or of a digest.</summary>
    public Message Build(IReadOnlyList<Notification> notifications)
    {
        var parts = notifications.SelectMany(n => n.Incidents.Select(i => (n.Kind, Incident: i))).ToList();
        string severity = Severities.All.Last(s => parts.Exists(p => p.Incident.Severity == s) || s == Severities.Info);
        string title = notifications.Count == 1 ? Title(notifications[0]) : string.Create(CultureInfo.InvariantCulture, $"{parts.Count} changes of incidents: {string.Join(", ", notifications.Select(n => n.Incidents[0].Rule).Distinct().Take(5))}");
        var shown = parts.Take(MostParts).Select(p => Part(p.Kind, p.Incident)).ToList();
        if (parts.Count > shown.Count)
        {
            shown.Add(new MessagePart(string.Create(CultureInfo.InvariantCulture, $"and {parts.Count - shown.Count} more"), "telemetry alerts list shows all.", [], []));
        }

        return new Message(Clean(title, LongestTitle), severity, notifications.All(n => n.Kind == NotificationKinds.Resolved), shown);
    }

    /// <summary>Link to an incident; null without a template.</summary>
    public string? IncidentLink(Incident incident) => incidentLink.Length == 0 ? null : incidentLink.Replace("{incident}", Uri.EscapeDataString(incident.Id), StringComparison.Ordinal);

    /// <summary>Text in one line and bounds: what spans carry may hold anything.</summary>
    public static string Clean(string text, int longest)
    {
        var clean = new StringBuilder(Math.Min(text.Length, longest));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length >= longest)
            {
                return clean.Append('…').ToString();
            }

            // Also what turns the direction of text around, which hides what is written.
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            clean.Append(category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? " " : rune.ToString());
        }

        return clean.ToString();
    }

    private static string Title(Notification notification)
    {
        Incident first = notification.Incidents[0];
        string what = notification.Kind switch
        {
            NotificationKinds.Resolved => "Resolved",
            NotificationKinds.Escalated => "Not acknowledged",
            NotificationKinds.Reminder => "Still firing",
            NotificationKinds.Test => "Test",
            _ => "Firing",
        };
        string where = notification.Incidents.Count == 1 ? Where(first) : string.Create(CultureInfo.InvariantCulture, $"{notification.Incidents.Count} incidents");
        return where.Length == 0 ? $"{what}: {first.Rule}" : $"{what}: {first.Rule} ({where})";
    }

    private MessagePart Part(string kind, Incident incident)
    {
        var facts = new List<(string, string)> { ("severity", incident.Severity), ("since", Time(incident.StartedAt)) };
        if (incident.ResolvedAt is { } end)
        {
            facts.Add(("until", $"{Time(end)} ({DurationText.Of(end - incident.StartedAt)})"));
        }

        if (incident.Flapping)
        {
            facts.Add(("flapping", "it came and went; it is held open until it has been over for a while"));
        }

        if (incident.TraceIds.Count > 0)
        {
            facts.Add(("traces", string.Join(", ", incident.TraceIds.Select(t => Clean(t, 64)))));
        }

        facts.Add(("incident", incident.Id));
        string where = Where(incident);
        string headline = $"{incident.Rule}{(where.Length > 0 ? $" ({where})" : "")}{(kind == NotificationKinds.Resolved ? ": over" : "")}";
        string text = incident.Summary.Length > 0 && incident.Text.Length > 0 ? $"{incident.Summary.TrimEnd('.')}: {incident.Text}." : incident.Summary + incident.Text;
        return new MessagePart(Clean(headline, LongestText), Clean(text, LongestText), facts, [.. Links(incident)]);
    }

    private IEnumerable<(string Name, string Link)> Links(Incident incident)
    {
        if (IncidentLink(incident) is { } link)
        {
            yield return ("Incident", link);
        }

        if (incident.Runbook.Length > 0)
        {
            yield return ("Runbook", incident.Runbook);
        }

        foreach (string trace in traceLink.Length == 0 ? [] : incident.TraceIds.Take(3))
        {
            yield return ("Trace " + Clean(trace, 8), traceLink.Replace("{trace}", Uri.EscapeDataString(trace), StringComparison.Ordinal));
        }
    }

    private static string Where(Incident incident) => Clean(string.Join(", ", incident.Labels.Select(l => $"{l.Key}={l.Value}")), LongestTitle);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
