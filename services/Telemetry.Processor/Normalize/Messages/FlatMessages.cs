using System.Buffers;
using System.Text.Json;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>
/// Messages spread over indexed attributes: OpenLLMetry's <c>gen_ai.prompt.N.*</c> and <c>gen_ai.completion.N.*</c>, OpenInference's
/// <c>llm.input_messages.N.message.*</c>, <c>llm.output_messages.N.message.*</c>, <c>llm.prompts.N.prompt.text</c> and
/// <c>llm.choices.N.completion.text</c>. They are put together as chat messages, which are then normalised as any others.
/// </summary>
internal static class FlatMessages
{
    /// <summary>
    /// Writes the messages under a prefix that ends in a dot. Keys may come in any order and their numbers may have gaps; messages, parts and calls are
    /// in the order of their numbers. False, with an empty array, when there is no such key.
    /// </summary>
    public static bool TryWriteMessages(
        List<(ReadOnlyMemory<byte> Key, AttributeValue Value)> attributes, ReadOnlySpan<byte> prefix, string defaultRole, Utf8JsonWriter output, out MessageFlaws flaws)
    {
        var sink = new MessageSink(output, defaultRole);
        List<Entry> entries = Collect(attributes, prefix);
        output.WriteStartArray();
        if (entries.Count > 0)
        {
            var json = new ArrayBufferWriter<byte>();
            using (var chat = new Utf8JsonWriter(json))
            {
                WriteChat(entries, chat, sink);
            }

            using JsonDocument? document = JsonSource.TryParse(json.WrittenSpan);
            WriteAll(sink, document);
        }

        output.WriteEndArray();
        flaws = sink.Flaws;
        return entries.Count > 0;
    }

    private static void WriteAll(MessageSink sink, JsonDocument? chat)
    {
        if (chat is null)
        {
            sink.Flaws |= MessageFlaws.Unreadable;
            return;
        }

        foreach (JsonElement message in chat.RootElement.EnumerateArray())
        {
            ChatMessages.Write(sink, message);
        }
    }

    private static List<Entry> Collect(List<(ReadOnlyMemory<byte> Key, AttributeValue Value)> attributes, ReadOnlySpan<byte> prefix)
    {
        var entries = new List<Entry>();
        foreach ((ReadOnlyMemory<byte> key, AttributeValue value) in attributes)
        {
            if (value.Kind != ValueKind.None && FlatKey.TryParse(key.Span, prefix, out FlatKey parsed))
            {
                entries.Add(new Entry(parsed, entries.Count, value));
            }
        }

        entries.Sort();
        return entries;
    }

    private static void WriteChat(List<Entry> entries, Utf8JsonWriter chat, MessageSink sink)
    {
        chat.WriteStartArray();
        int start = 0;
        for (int messages = 0; start < entries.Count; messages++)
        {
            if (messages == MessageSink.MostMessages)
            {
                sink.Flaws |= MessageFlaws.Cut;
                break;
            }

            long index = entries[start].Key.Message;
            int end = End(entries, start, e => e.Key.Message == index);
            WriteMessage(entries, start, end, chat);
            start = end;
        }

        chat.WriteEndArray();
    }

    private static void WriteMessage(List<Entry> entries, int start, int end, Utf8JsonWriter chat)
    {
        chat.WriteStartObject();
        int contents = End(entries, start, e => e.Key.Group == FlatGroup.Message, end);
        WriteFields(entries, start, contents, chat);
        int calls = End(entries, contents, e => e.Key.Group == FlatGroup.Content, end);
        WriteItems(entries, contents, calls, "parts"u8, chat);
        WriteItems(entries, calls, end, "tool_calls"u8, chat);
        chat.WriteEndObject();
    }

    private static void WriteFields(List<Entry> entries, int start, int end, Utf8JsonWriter chat)
    {
        (AttributeValue name, AttributeValue arguments) = (default, default);
        for (int i = start; i < end; i++)
        {
            if (IsRepeated(entries, i))
            {
                continue;
            }

            AttributeValue value = entries[i].Value;
            switch (entries[i].Key.Field)
            {
                case FlatField.FunctionName:
                    name = value;
                    break;
                case FlatField.FunctionArguments:
                    arguments = value;
                    break;
                case FlatField.Content:
                    chat.WritePropertyName("content"u8);
                    WriteContent(chat, value);
                    break;
                default:
                    chat.WritePropertyName(NameOf(entries[i].Key.Field));
                    AnyValueJson.Write(chat, value, 0);
                    break;
            }
        }

        if (name.Kind != ValueKind.None)
        {
            WriteFunction(chat, name, arguments);
        }
    }

    private static void WriteFunction(Utf8JsonWriter chat, AttributeValue name, AttributeValue arguments)
    {
        chat.WriteStartObject("function_call"u8);
        chat.WritePropertyName("name"u8);
        AnyValueJson.Write(chat, name, 0);
        chat.WritePropertyName("arguments"u8);
        AnyValueJson.Write(chat, arguments, 0);
        chat.WriteEndObject();
    }

    private static void WriteItems(List<Entry> entries, int start, int end, ReadOnlySpan<byte> property, Utf8JsonWriter chat)
    {
        if (start == end)
        {
            return;
        }

        chat.WriteStartArray(property);
        while (start < end)
        {
            long item = entries[start].Key.Item;
            int next = End(entries, start, e => e.Key.Item == item, end);
            WriteItem(entries, start, next, chat);
            start = next;
        }

        chat.WriteEndArray();
    }

    private static void WriteItem(List<Entry> entries, int start, int end, Utf8JsonWriter chat)
    {
        bool hasType = false;
        bool hasUrl = false;
        chat.WriteStartObject();
        for (int i = start; i < end; i++)
        {
            if (IsRepeated(entries, i))
            {
                continue;
            }

            FlatField field = entries[i].Key.Field;
            hasType |= field == FlatField.Type;
            hasUrl |= field == FlatField.Url;
            chat.WritePropertyName(field == FlatField.Content ? "text"u8 : NameOf(field));
            AnyValueJson.Write(chat, entries[i].Value, 0);
        }

        if (hasUrl && !hasType)
        {
            chat.WriteString("type"u8, "image"u8);
        }

        chat.WriteEndObject();
    }

    // A content of several parts comes as JSON in the text; but a user may also have said something that is JSON.
    private static void WriteContent(Utf8JsonWriter chat, AttributeValue value)
    {
        if (value.Text.StartsWith("[{"u8))
        {
            using JsonDocument? document = JsonSource.TryParse(value.Text);
            if (document is not null && AreParts(document.RootElement))
            {
                document.RootElement.WriteTo(chat);
                return;
            }
        }

        AnyValueJson.Write(chat, value, 0);
    }

    private static bool AreParts(JsonElement values)
    {
        foreach (JsonElement value in values.EnumerateArray())
        {
            if (!Parts.IsTyped(value))
            {
                return false;
            }
        }

        return true;
    }

    // Of duplicate keys the last holds.
    private static bool IsRepeated(List<Entry> entries, int i) => i + 1 < entries.Count && entries[i + 1].Key == entries[i].Key;

    private static int End(List<Entry> entries, int start, Predicate<Entry> belongs, int limit = int.MaxValue)
    {
        int end = Math.Min(limit, entries.Count);
        while (start < end && belongs(entries[start]))
        {
            start++;
        }

        return start;
    }

    private static ReadOnlySpan<byte> NameOf(FlatField field) => field switch
    {
        FlatField.Role => "role"u8,
        FlatField.Name => "name"u8,
        FlatField.FinishReason => "finish_reason"u8,
        FlatField.ToolCallId => "tool_call_id"u8,
        FlatField.Id => "id"u8,
        FlatField.Arguments => "arguments"u8,
        FlatField.Type => "type"u8,
        FlatField.Url => "url"u8,
        FlatField.MimeType => "mime_type"u8,
        FlatField.Refusal => "refusal"u8,
        FlatField.Reasoning => "reasoning_content"u8,
        _ => "other"u8,
    };

    private readonly record struct Entry(FlatKey Key, int Order, AttributeValue Value) : IComparable<Entry>
    {
        public int CompareTo(Entry other) =>
            (Key.Message, (byte)Key.Group, Key.Item, (byte)Key.Field, Order)
            .CompareTo((other.Key.Message, (byte)other.Key.Group, other.Key.Item, (byte)other.Key.Field, other.Order));
    }
}
