using System.Text;
using System.Text.Json.Nodes;

namespace Telemetry.Alerting.Notify.Channels;

/// <summary>Microsoft Teams by a workflow webhook that takes an Adaptive Card. Source: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using.</summary>
internal sealed class TeamsChannel(ChannelDefinition channel, MessageBuilder messages, TimeProvider time) : IChannel
{
    private const string Special = "\\`*_{}[]()<>#+-!|~.";

    private readonly HttpSend _http = new(channel, time);

    /// <inheritdoc />
    public bool TakesDigests => true;

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <inheritdoc />
    public Task SendAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellation) =>
        _http.PostAsync(channel.Url!, Encoding.UTF8.GetBytes(Body(messages.Build(notifications)).ToJsonString(WebhookChannel.Json)), null, cancellation);

    /// <summary>Text in which no Markdown begins.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            // Dots and dashes only matter at the beginning of a line or in names of hosts, where they stay readable.
            escaped.Append(Special.Contains(c, StringComparison.Ordinal) && c is not ('.' or '-' or '(' or ')') ? "\\" : "").Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>The message as Teams takes it.</summary>
    public static JsonObject Body(Message message)
    {
        var body = new JsonArray(new JsonObject
        {
            ["type"] = "TextBlock",
            ["size"] = "Large",
            ["weight"] = "Bolder",
            ["wrap"] = true,
            ["text"] = Escape(message.Title),
            ["color"] = message.IsOver ? "Good" : message.Severity switch { "critical" => "Attention", "warning" => "Warning", _ => "Accent" },
        });
        var actions = new JsonArray();
        foreach (MessagePart part in message.Incidents)
        {
            body.Add(new JsonObject { ["type"] = "TextBlock", ["wrap"] = true, ["weight"] = "Bolder", ["text"] = Escape(part.Headline) });
            body.Add(new JsonObject { ["type"] = "TextBlock", ["wrap"] = true, ["text"] = Escape(part.Text) });
            body.Add(new JsonObject { ["type"] = "FactSet", ["facts"] = new JsonArray([.. part.Facts.Select(f => new JsonObject { ["title"] = f.Name, ["value"] = Escape(f.Value) })]) });
            foreach ((string name, string link) in actions.Count == 0 ? part.Links : [])
            {
                actions.Add(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = name, ["url"] = link });
            }
        }

        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["content"] = new JsonObject
                {
                    ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                    ["type"] = "AdaptiveCard",
                    ["version"] = "1.4",
                    ["body"] = body,
                    ["actions"] = actions,
                },
            }),
        };
    }
}
