using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Telemetry.Alerting.Track;

namespace Telemetry.Alerting.Notify.Channels;

/// <summary>
/// Posts JSON to any address. With a secret it is signed: <c>X-Telemetry-Signature: v1=</c> hex of HMAC-SHA256 over the timestamp of <c>X-Telemetry-Timestamp</c>, a dot
/// and the body. <c>Idempotency-Key</c> stays the same for every attempt.
/// </summary>
internal sealed class WebhookChannel(ChannelDefinition channel, MessageBuilder messages, TimeProvider time) : IChannel
{
    internal static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpSend _http = new(channel, time);

    /// <inheritdoc />
    public bool TakesDigests => true;

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <inheritdoc />
    public Task SendAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellation)
    {
        string id = notifications.Count == 1 ? notifications[0].Id : IncidentMachine.Hash(string.Join(',', notifications.Select(n => n.Id)));
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(Body(id, notifications), Json);
        return _http.PostAsync(channel.Url!, body, request => Sign(request, id, body), cancellation);
    }

    /// <summary>The signature of a body at a time.</summary>
    public static string Signature(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. body];
        return "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
    }

    private object Body(string id, IReadOnlyList<Notification> notifications) => new
    {
        id,
        title = messages.Build(notifications).Title,
        notifications = notifications.Select(n => new
        {
            id = n.Id,
            n.Kind,
            owedAt = n.OwedAt,
            incidents = n.Incidents.Select(i => new
            {
                id = i.Id,
                i.Rule,
                i.Labels,
                i.Severity,
                state = JsonNamingPolicy.SnakeCaseLower.ConvertName(i.State.ToString()),
                i.Value,
                i.Text,
                i.Summary,
                i.StartedAt,
                i.FiredAt,
                i.AcknowledgedAt,
                i.ResolvedAt,
                i.Flapping,
                i.TraceIds,
                i.Runbook,
                link = messages.IncidentLink(i),
            }),
        }),
    };

    private void Sign(HttpRequestMessage request, string id, byte[] body)
    {
        request.Headers.Add("Idempotency-Key", id);
        if (channel.Secret.Length > 0)
        {
            string timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            request.Headers.Add("X-Telemetry-Timestamp", timestamp);
            request.Headers.Add("X-Telemetry-Signature", Signature(channel.Secret, timestamp, body));
        }
    }
}
