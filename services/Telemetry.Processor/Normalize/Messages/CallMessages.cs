using System.Buffers;
using System.Text.Json;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>
/// Puts together what was said in a call, from wherever its span carries it: message attributes, an answer in parts, indexed flat attributes, span events, or
/// the recorded request and response. Each text is JSON in the one shape; empty when there is nothing. Valid until the next call is read. Owned by one lane,
/// whose stages share it: a call that was read last is not read again.
/// </summary>
internal sealed class CallMessages(AttributeKeys keys)
{
    private static readonly (byte[] Name, string Role, bool IsInput)[] Events =
    [
        ("gen_ai.system.message"u8.ToArray(), "system", true),
        ("gen_ai.user.message"u8.ToArray(), "user", true),
        ("gen_ai.assistant.message"u8.ToArray(), "assistant", true),
        ("gen_ai.tool.message"u8.ToArray(), "tool", true),
        ("gen_ai.content.prompt"u8.ToArray(), "user", true),
        ("gen_ai.choice"u8.ToArray(), "assistant", false),
        ("gen_ai.content.completion"u8.ToArray(), "assistant", false),
    ];

    private static readonly byte[][] FlatTools = ["llm.tools."u8.ToArray(), "llm.request.functions."u8.ToArray()];

    private readonly AttributeKey[] _eventContents = [keys.Add("gen_ai.event.content"), keys.Add("gen_ai.prompt"), keys.Add("gen_ai.completion"), keys.Add("content")];
    private readonly ArrayBufferWriter<byte> _instructions = new();
    private readonly ArrayBufferWriter<byte> _input = new();
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ArrayBufferWriter<byte> _tools = new();
    private readonly ArrayBufferWriter<byte> _parts = new();
    private SpanItem? _read;
    private int _use;

    /// <summary>System instructions, as messages.</summary>
    public ReadOnlySpan<byte> Instructions => _instructions.WrittenSpan;

    /// <summary>Messages to the model.</summary>
    public ReadOnlySpan<byte> Input => _input.WrittenSpan;

    /// <summary>Messages from the model.</summary>
    public ReadOnlySpan<byte> Output => _output.WrittenSpan;

    /// <summary>Tools offered.</summary>
    public ReadOnlySpan<byte> Tools => _tools.WrittenSpan;

    /// <summary>Whether nothing was said, as far as the span tells.</summary>
    public bool IsEmpty => _instructions.WrittenCount + _input.WrittenCount + _output.WrittenCount + _tools.WrittenCount == 0;

    /// <summary>Reads a call; flags it when a text was meant to be JSON and is not.</summary>
    public void Read(SpanItem item)
    {
        if (ReferenceEquals(_read, item) && _use == item.Use)
        {
            return;
        }

        (_read, _use) = (item, item.Use);
        CallContent content = item.Call.Content;
        Clear();
        WriteMessages(_instructions, content.SystemInstructions, "system", item.Call);
        if (content.InputMessages.Kind != ValueKind.None)
        {
            WriteMessages(_input, content.InputMessages, "user", item.Call);
        }
        else if (!TryFlat(_input, item, "user", "llm.input_messages."u8, "gen_ai.prompt."u8, "llm.prompts."u8) && !TryEvents(_input, item, isInput: true))
        {
            WriteMessages(_input, content.RecordedInput, "user", item.Call);
        }

        ReadOutput(item, content);
        WriteTools(item, content);
    }

    private void ReadOutput(SpanItem item, CallContent content)
    {
        if (content.OutputMessages.Kind != ValueKind.None)
        {
            WriteMessages(_output, content.OutputMessages, "assistant", item.Call);
        }
        else if (content.OutputText.Kind != ValueKind.None || content.OutputToolCalls.Kind != ValueKind.None || content.OutputReasoning.Kind != ValueKind.None)
        {
            WriteParts(content);
            WriteMessages(_output, AttributeValue.OfText(_parts.WrittenMemory), "assistant", item.Call);
        }
        else if (!TryFlat(_output, item, "assistant", "llm.output_messages."u8, "gen_ai.completion."u8, "llm.choices."u8) && !TryEvents(_output, item, isInput: false))
        {
            WriteMessages(_output, content.RecordedOutput, "assistant", item.Call);
        }
    }

    // The answer in parts becomes one message of an assistant.
    private void WriteParts(CallContent content)
    {
        _parts.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_parts);
        writer.WriteStartObject();
        writer.WriteString("role", "assistant");
        writer.WriteStartArray("content");
        WritePart(writer, "reasoning", content.OutputReasoning);
        WritePart(writer, "text", content.OutputText);
        WriteToolCalls(writer, content.OutputToolCalls);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter writer, string type, AttributeValue text)
    {
        if (text.Kind == ValueKind.None || (text.Kind == ValueKind.Text && text.Slice.Length == 0))
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WritePropertyName("text");
        AnyValueJson.Write(writer, text, 0);
        writer.WriteEndObject();
    }

    private static void WriteToolCalls(Utf8JsonWriter writer, AttributeValue calls)
    {
        using JsonDocument? document = JsonSource.TryParse(calls.Text);
        if (document?.RootElement.ValueKind != JsonValueKind.Array)
        {
            WritePart(writer, "text", calls);
            return;
        }

        foreach (JsonElement call in document.RootElement.EnumerateArray())
        {
            if (call.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString("type", "tool-call");
            foreach (JsonProperty property in call.EnumerateObject().Where(p => p.Name != "type"))
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }
    }

    private static bool TryFlat(ArrayBufferWriter<byte> output, SpanItem item, string role, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        if (!item.Call.Content.MayBeFlat)
        {
            return false;
        }

        List<(ReadOnlyMemory<byte> Key, AttributeValue Value)> attributes = item.Span.Attributes.Others;
        return TryFlat(output, attributes, role, first) || TryFlat(output, attributes, role, second) || TryFlat(output, attributes, role, third);
    }

    private static bool TryFlat(ArrayBufferWriter<byte> output, List<(ReadOnlyMemory<byte> Key, AttributeValue Value)> attributes, string role, ReadOnlySpan<byte> prefix)
    {
        if (!HasPrefix(attributes, prefix))
        {
            return false;
        }

        bool found;
        using (var writer = new Utf8JsonWriter(output))
        {
            found = FlatMessages.TryWriteMessages(attributes, prefix, role, writer, out _);
        }

        if (!found)
        {
            // The next place to look writes from the start.
            output.ResetWrittenCount();
        }

        return found;
    }

    private static bool HasPrefix(List<(ReadOnlyMemory<byte> Key, AttributeValue Value)> attributes, ReadOnlySpan<byte> prefix)
    {
        foreach ((ReadOnlyMemory<byte> key, _) in attributes)
        {
            if (key.Span.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
    }

    // One message an event; together they are an array of messages.
    private bool TryEvents(ArrayBufferWriter<byte> output, SpanItem item, bool isInput)
    {
        ArrayBufferWriter<byte>? messages = null;
        foreach (DecodedEvent e in item.Span.Events)
        {
            if (RoleOf(e.Name.Span, isInput) is not { } role)
            {
                continue;
            }

            AttributeValue content = ContentOf(e.Attributes);
            ReadOnlyMemory<byte> message = Processor.Events.EventMessage.Of(content, isInput ? Processor.Events.EventKind.Message : Processor.Events.EventKind.Choice, role);
            if (message.Length > 0)
            {
                messages ??= new ArrayBufferWriter<byte>();
                messages.Write(messages.WrittenCount == 0 ? "["u8 : ","u8);
                messages.Write(message.Span);
            }
        }

        if (messages is null)
        {
            return false;
        }

        messages.Write("]"u8);
        WriteMessages(output, AttributeValue.OfText(messages.WrittenMemory), isInput ? "user" : "assistant", item.Call);
        return true;
    }

    private static string? RoleOf(ReadOnlySpan<byte> name, bool isInput)
    {
        foreach ((byte[] known, string role, bool knownIsInput) in Events)
        {
            if (knownIsInput == isInput && name.SequenceEqual(known))
            {
                return role;
            }
        }

        return null;
    }

    private AttributeValue ContentOf(AttributeSet attributes)
    {
        foreach (AttributeKey key in _eventContents)
        {
            if (attributes.Has(key))
            {
                return attributes[key];
            }
        }

        return default;
    }

    private void WriteTools(SpanItem item, CallContent content)
    {
        if (content.ToolDefinitions.Kind != ValueKind.None)
        {
            using var writer = new Utf8JsonWriter(_tools);
            ToolJson.TryWriteTools(content.ToolDefinitions, writer, out _);
            return;
        }

        List<(ReadOnlyMemory<byte> Key, AttributeValue Value)> attributes = item.Span.Attributes.Others;
        foreach (byte[] prefix in FlatTools)
        {
            if (content.MayBeFlat && HasPrefix(attributes, prefix))
            {
                using var writer = new Utf8JsonWriter(_tools);
                ToolJson.TryWriteFlatTools(attributes, prefix, writer, out _);
                return;
            }
        }
    }

    private static void WriteMessages(ArrayBufferWriter<byte> output, AttributeValue value, string role, LlmCall call)
    {
        if (value.Kind == ValueKind.None || (value.Kind == ValueKind.Text && value.Slice.Length == 0))
        {
            return;
        }

        using var writer = new Utf8JsonWriter(output);
        MessageJson.TryWriteMessages(value, role, writer, out MessageFlaws flaws);
        if ((flaws & MessageFlaws.Unreadable) != 0)
        {
            call.Flag(Flags.ContentNotJson);
        }
    }

    private void Clear()
    {
        _instructions.ResetWrittenCount();
        _input.ResetWrittenCount();
        _output.ResetWrittenCount();
        _tools.ResetWrittenCount();
    }
}
