using System.Text;
using System.Text.Json;

namespace Telemetry.Alerting.Notify.Channels;

/// <summary>Slack's incoming webhooks, with blocks. Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and /formatting-message-text.</summary>
internal sealed class SlackChannel(ChannelDefinition channel, MessageBuilder messages, TimeProvider time) : IChannel
{
    private const int LongestSection = 2900;

    private readonly HttpSend _http = new(channel, time);

    /// <inheritdoc />
    public bool TakesDigests => true;

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <inheritdoc />
    public Task SendAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellation) =>
        _http.PostAsync(channel.Url!, JsonSerializer.SerializeToUtf8Bytes(Body(messages.Build(notifications)), WebhookChannel.Json), null, cancellation);

    /// <summary>Text that Slack shows as it is: no mention, link or command begins in it.</summary>
    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>The message as Slack takes it.</summary>
    public static object Body(Message message) => new
    {
        text = Escape(message.Title),
        attachments = new[]
        {
            new
            {
                color = message.IsOver ? "#2eb886" : message.Severity switch { "critical" => "#d00000", "warning" => "#e8a33d", _ => "#439fe0" },
                blocks = message.Incidents.Select(p => new { type = "section", text = new { type = "mrkdwn", text = Section(p) } }),
            },
        },
    };

    private static string Section(MessagePart part)
    {
        var text = new StringBuilder();
        text.Append('*').Append(Escape(part.Headline.Replace('*', ' '))).Append("*\n").Append(Escape(part.Text));
        foreach ((string name, string value) in part.Facts)
        {
            text.Append("\n• ").Append(name).Append(": ").Append(Escape(value));
        }

        if (part.Links.Count > 0)
        {
            text.Append('\n').AppendJoin(" · ", part.Links.Select(l => $"<{Escape(l.Link).Replace("|", "%7C", StringComparison.Ordinal)}|{Escape(l.Name)}>"));
        }

        return text.Length > LongestSection ? text.ToString(0, LongestSection) + "…" : text.ToString();
    }
}
