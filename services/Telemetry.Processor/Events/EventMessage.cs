using System.Buffers;
using System.Text.Json;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Messages;

namespace Telemetry.Processor.Events;

/// <summary>
/// A message event of the generations up to 1.36 as chat JSON: <c>{"content", "tool_calls", ...}</c> with the role of the event's name where it names none;
/// a choice as <c>{"choices": [...]}</c>.
/// </summary>
internal static class EventMessage
{
    /// <summary>The JSON of a message; empty when the event has no content.</summary>
    public static ReadOnlyMemory<byte> Of(AttributeValue content, EventKind kind, string role)
    {
        if (content.Kind == ValueKind.None)
        {
            return default;
        }

        var raw = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(raw))
        {
            AnyValueJson.Write(writer, content, 0);
        }

        ReadOnlyMemory<byte> text = content.Kind == ValueKind.Text ? content.Slice : raw.WrittenMemory;
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            using JsonDocument? body = JsonSource.TryParse(text.Span);
            Write(writer, body, raw.WrittenMemory, kind, role);
        }

        return output.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, JsonDocument? body, ReadOnlyMemory<byte> asText, EventKind kind, string role)
    {
        writer.WriteStartObject();
        if (kind == EventKind.Choice && body is { RootElement.ValueKind: JsonValueKind.Object } choice && choice.RootElement.TryGetProperty("message", out _))
        {
            writer.WriteStartArray("choices");
            choice.RootElement.WriteTo(writer);
            writer.WriteEndArray();
        }
        else if (body is { RootElement.ValueKind: JsonValueKind.Object } message)
        {
            if (!message.RootElement.TryGetProperty("role", out _))
            {
                writer.WriteString("role", role);
            }

            foreach (JsonProperty property in message.RootElement.EnumerateObject())
            {
                property.WriteTo(writer);
            }
        }
        else
        {
            writer.WriteString("role", role);
            writer.WritePropertyName("content");
            writer.WriteRawValue(asText.Span, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }
}
