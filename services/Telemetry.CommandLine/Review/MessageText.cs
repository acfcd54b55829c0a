using System.Text;
using System.Text.Json;

namespace Telemetry.CommandLine.Review;

/// <summary>Stored messages as people read them.</summary>
internal static class MessageText
{
    /// <summary>Role and text of each message; the JSON itself where it has another shape.</summary>
    public static string Of(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            var text = new StringBuilder();
            foreach (JsonElement message in document.RootElement.EnumerateArray())
            {
                Append(text, message);
            }

            return text.Length > 0 ? text.ToString().TrimEnd() : json;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return json;
        }
    }

    private static void Append(StringBuilder text, JsonElement message)
    {
        string role = message.TryGetProperty("role", out JsonElement named) ? named.GetString() + ": " : "";
        JsonElement[] parts = message.TryGetProperty("parts", out JsonElement list) ? [.. list.EnumerateArray()] : [message];
        foreach (JsonElement part in parts)
        {
            text.Append(role).AppendLine(part.TryGetProperty("content", out JsonElement content) && content.ValueKind == JsonValueKind.String ? content.GetString() : part.GetRawText());
        }
    }
}
