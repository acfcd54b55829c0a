using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Telemetry.Alerting.Track;

namespace Telemetry.Alerting.Notify.Channels;

/// <summary>
/// Prometheus Alertmanager's API v2. An alert ends by itself when nobody renews it, so a firing one is sent with an end far ahead, and a resolved one with its
/// end. Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml.
/// </summary>
internal sealed class AlertmanagerChannel(ChannelDefinition channel, MessageBuilder messages, TimeProvider time) : IChannel
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private readonly HttpSend _http = new(channel, time);

    /// <inheritdoc />
    public bool TakesDigests => true;

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <inheritdoc />
    public Task SendAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellation)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(notifications.SelectMany(n => n.Incidents.Select(i => Alert(n, i))), s_json);
        return _http.PostAsync(new Uri($"{channel.Url!.AbsoluteUri.TrimEnd('/')}/api/v2/alerts"), body, Authenticate, cancellation);
    }

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private object Alert(Notification notification, Incident incident)
    {
        MessagePart part = messages.Build([notification with { Incidents = [incident] }]).Incidents[0];
        var annotations = new Dictionary<string, string> { ["summary"] = part.Headline, ["description"] = part.Text, ["incident_id"] = incident.Id, ["trace_ids"] = string.Join(",", incident.TraceIds) };
        if (incident.Runbook.Length > 0)
        {
            annotations["runbook_url"] = incident.Runbook;
        }

        return new
        {
            Labels = incident.Labels.Append(new("alertname", incident.Rule)).Append(new("severity", incident.Severity)).ToDictionary(l => l.Key, l => l.Value),
            Annotations = annotations,
            StartsAt = incident.FiredAt ?? incident.StartedAt,
            EndsAt = incident.ResolvedAt ?? (incident.FiredAt ?? incident.StartedAt) + Longest,
            GeneratorURL = messages.IncidentLink(incident) ?? "",
        };
    }

    private void Authenticate(HttpRequestMessage request)
    {
        if (channel.User.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{channel.User}:{channel.Secret}")));
        }
    }
}
