using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>Looking at JSON whose shape is not known: what is absent, null or of another kind is no value.</summary>
internal static class JsonElements
{
    /// <summary>A property that is there and not null. Of duplicates the last.</summary>
    public static JsonElement? Get(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>A property that is a text.</summary>
    public static JsonElement? Text(this JsonElement element, ReadOnlySpan<byte> name) => element.Get(name, JsonValueKind.String);

    /// <summary>A property that is an array.</summary>
    public static JsonElement? Array(this JsonElement element, ReadOnlySpan<byte> name) => element.Get(name, JsonValueKind.Array);

    /// <summary>A property that is an object.</summary>
    public static JsonElement? Object(this JsonElement element, ReadOnlySpan<byte> name) => element.Get(name, JsonValueKind.Object);

    /// <summary>Whether it is an object.</summary>
    public static bool IsObject(this JsonElement element) => element.ValueKind == JsonValueKind.Object;

    /// <summary>Whether it is a text without characters.</summary>
    public static bool IsEmptyText(this JsonElement element) => element.ValueKind == JsonValueKind.String && element.ValueEquals(""u8);

    /// <summary>A short text, to be compared with known names; empty when it is no text or does not fit.</summary>
    public static ReadOnlySpan<char> Name(this JsonElement? element, Span<char> buffer)
    {
        if (element is not { ValueKind: JsonValueKind.String } text)
        {
            return default;
        }

        ReadOnlySpan<byte> quoted = JsonMarshal.GetRawUtf8Value(text);
        ReadOnlySpan<byte> raw = quoted[1..^1];
        return raw.Length <= buffer.Length && !raw.Contains((byte)'\\') && Encoding.UTF8.TryGetChars(raw, buffer, out int written) ? buffer[..written] : default;
    }

    /// <summary>The JSON of a value as it stands.</summary>
    public static ReadOnlySpan<byte> Raw(this JsonElement element) => JsonMarshal.GetRawUtf8Value(element);

    /// <summary>Writes the value as a JSON string: a text as it is, anything else as its JSON.</summary>
    public static void WriteAsText(this JsonElement element, Utf8JsonWriter output)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            element.WriteTo(output);
        }
        else
        {
            output.WriteStringValue(element.Raw());
        }
    }

    /// <summary>Writes a property as a JSON string, if there is a value.</summary>
    public static void WriteText(this Utf8JsonWriter output, ReadOnlySpan<byte> name, JsonElement? value)
    {
        if (value is { } present)
        {
            output.WritePropertyName(name);
            present.WriteAsText(output);
        }
    }

    /// <summary>
    /// Writes a value that may be JSON in a text, as models give the arguments of calls: an object or array is written as such. False when it looks like
    /// one, but is not, and is written as text.
    /// </summary>
    public static bool WriteUnwrapped(this JsonElement element, Utf8JsonWriter output)
    {
        bool isStructured = false;
        if (element.ValueKind == JsonValueKind.String)
        {
            using var text = new UnescapedText(element);
            isStructured = JsonSource.LooksStructured(text.Span);
            using JsonDocument? document = isStructured ? JsonSource.TryParse(text.Span) : null;
            if (document is not null)
            {
                document.RootElement.WriteTo(output);
                return true;
            }
        }

        element.WriteTo(output);
        return !isStructured;
    }

    private static JsonElement? Get(this JsonElement element, ReadOnlySpan<byte> name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == kind ? value : null;
}
