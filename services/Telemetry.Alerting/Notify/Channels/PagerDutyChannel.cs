using System.Text.Json;
using System.Text.Json.Nodes;
using Telemetry.Alerting.Track;

namespace Telemetry.Alerting.Notify.Channels;

/// <summary>PagerDuty's Events API v2: one alert an incident, opened, acknowledged and closed by its id. Source: https://developer.pagerduty.com/docs/send-alert-event.</summary>
internal sealed class PagerDutyChannel(ChannelDefinition channel, MessageBuilder messages, TimeProvider time) : IChannel
{
    private const int LongestSummary = 1000;

    private readonly HttpSend _http = new(channel, time);

    /// <inheritdoc />
    public bool TakesDigests => false;

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <inheritdoc />
    public async Task SendAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellation)
    {
        foreach ((Notification notification, Incident incident) in notifications.SelectMany(n => n.Incidents.Select(i => (n, i))))
        {
            await _http.PostAsync(channel.Url!, System.Text.Encoding.UTF8.GetBytes(Event(notification, incident).ToJsonString(WebhookChannel.Json)), null, cancellation);
        }
    }

    private JsonObject Event(Notification notification, Incident incident)
    {
        var content = new JsonObject
        {
            ["routing_key"] = channel.Secret,
            ["event_action"] = notification.Kind switch
            {
                NotificationKinds.Resolved => "resolve",
                NotificationKinds.Acknowledged => "acknowledge",
                _ => "trigger",
            },
            ["dedup_key"] = incident.Id,
            ["client"] = "Telemetry",
        };
        if (notification.Kind is NotificationKinds.Resolved or NotificationKinds.Acknowledged)
        {
            return content;
        }

        MessagePart part = messages.Build([notification with { Incidents = [incident] }]).Incidents[0];
        content["payload"] = new JsonObject
        {
            ["summary"] = MessageBuilder.Clean($"{part.Headline}: {part.Text}", LongestSummary),
            ["source"] = MessageBuilder.Clean(incident.Labels.GetValueOrDefault("service", "telemetry"), LongestSummary),
            ["severity"] = incident.Severity,
            ["timestamp"] = incident.StartedAt,
            ["component"] = MessageBuilder.Clean(incident.Labels.GetValueOrDefault("model", ""), LongestSummary),
            ["group"] = incident.Rule,
            ["custom_details"] = JsonSerializer.SerializeToNode(part.Facts.ToDictionary(f => f.Name, f => f.Value)),
        };
        content["links"] = new JsonArray([.. part.Links.Select(l => new JsonObject { ["href"] = l.Link, ["text"] = l.Name })]);
        return content;
    }
}
