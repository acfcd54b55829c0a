using System.Buffers;
using System.Text;
using System.Text.Json;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>
/// Messages as instrumentations give them (the conventions' own shape and those of OpenAI, Anthropic, Gemini, Bedrock, the AI SDK and LangChain, alone
/// or in the request or response around them) become the one shape of the OpenTelemetry GenAI conventions: an array of
/// <c>{"role", "name"?, "parts": [{"type", …}], "finish_reason"?}</c>. Never throws; always writes a whole array.
/// </summary>
internal static class MessageJson
{
    /// <summary>Bytes above this number are dropped.</summary>
    public const int Longest = 8 * 1024 * 1024;

    private const MessageFlaws KeptAsText = MessageFlaws.Unreadable | MessageFlaws.UnknownShape;

    /// <summary>Writes the messages of an attribute, be it text or structured; false when they had to be kept as text.</summary>
    public static bool TryWriteMessages(AttributeValue value, string defaultRole, Utf8JsonWriter output, out MessageFlaws flaws)
    {
        if (value.Kind is ValueKind.Text or ValueKind.None)
        {
            return TryWriteMessages(value.Text, defaultRole, output, out flaws);
        }

        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            AnyValueJson.Write(writer, value, 0);
        }

        return TryWriteMessages(json.WrittenSpan, defaultRole, output, out flaws);
    }

    /// <summary>
    /// Writes the messages that a text holds. What is no JSON is one text of the default role. False when it is JSON, or was meant to be, and is kept as
    /// text because it could not be read or understood.
    /// </summary>
    public static bool TryWriteMessages(ReadOnlySpan<byte> json, string defaultRole, Utf8JsonWriter output, out MessageFlaws flaws)
    {
        var sink = new MessageSink(output, defaultRole);
        output.WriteStartArray();
        Write(sink, Bounded(sink, json));
        sink.Close();
        output.WriteEndArray();
        flaws = sink.Flaws;
        return (flaws & KeptAsText) == 0;
    }

    private static void Write(MessageSink sink, ReadOnlySpan<byte> text)
    {
        bool isStructured = JsonSource.LooksStructured(text);
        ReadOnlySpan<byte> trimmed = text.Trim(" \t\r\n"u8);
        if (trimmed.SequenceEqual("null"u8))
        {
            return;
        }

        using JsonDocument? document = isStructured || trimmed is [(byte)'"', .., (byte)'"'] ? JsonSource.TryParse(trimmed) : null;
        if (document is not null)
        {
            WriteRoot(sink, document.RootElement);
            return;
        }

        if (isStructured)
        {
            sink.Flaws |= MessageFlaws.Unreadable;
        }

        if (!text.IsEmpty)
        {
            sink.TextMessage(text);
        }
    }

    // Some exporters encode twice: the text in the string is JSON again.
    private static void WriteRoot(MessageSink sink, JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.String)
        {
            using var text = new UnescapedText(root);
            using JsonDocument? inner = JsonSource.LooksStructured(text.Span) ? JsonSource.TryParse(text.Span) : null;
            if (inner is not null && MessageShapes.AreMessages(inner.RootElement))
            {
                MessageShapes.Write(sink, inner.RootElement);
                return;
            }
        }

        MessageShapes.Write(sink, root);
    }

    private static ReadOnlySpan<byte> Bounded(MessageSink sink, ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> byteOrderMark = Encoding.UTF8.Preamble;
        json = json.StartsWith(byteOrderMark) ? json[byteOrderMark.Length..] : json;
        if (json.Length <= Longest)
        {
            return json;
        }

        sink.Flaws |= MessageFlaws.Cut;
        int end = Longest;
        while (end > Longest - 4 && (json[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return json[..end];
    }
}
