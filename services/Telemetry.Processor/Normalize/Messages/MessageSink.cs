using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>
/// Writes messages in the shape of the conventions, and bounds their number. Parts that come without a message of their own join one message for as
/// long as the speaker stays the same.
/// </summary>
internal sealed class MessageSink(Utf8JsonWriter output, string defaultRole)
{
    /// <summary>Messages above this number are dropped.</summary>
    public const int MostMessages = 4096;

    /// <summary>Parts above this number, over all messages, are dropped.</summary>
    public const int MostParts = 65_536;

    // Each costs an exception, which a hostile sender gets for a few bytes.
    private const int MostBrokenArguments = 64;

    private int _brokenArguments;
    private int _messages;
    private int _parts;
    private string? _joined;

    /// <summary>What goes to the output directly.</summary>
    public Utf8JsonWriter Output => output;

    /// <summary>Who speaks where the message does not say.</summary>
    public string DefaultRole { get; set; } = defaultRole;

    /// <summary>Finish reason of the messages to come, for what holds it outside of the message.</summary>
    public JsonElement? FinishReason { get; set; }

    /// <summary>What was wrong.</summary>
    public MessageFlaws Flaws { get; set; }

    /// <summary>Tool calls written so far.</summary>
    public int ToolCalls { get; private set; }

    /// <summary>Whether a bound is reached and everything else is dropped.</summary>
    public bool IsFull => _messages >= MostMessages || _parts >= MostParts;

    /// <summary>Begins a message; false when there are too many.</summary>
    public bool TryStart(string role, JsonElement? name = null)
    {
        Close();
        if (IsFull)
        {
            Flaws |= MessageFlaws.Cut;
            return false;
        }

        _messages++;
        output.WriteStartObject();
        output.WriteString("role"u8, role);
        output.WriteText("name"u8, name);
        output.WriteStartArray("parts"u8);
        return true;
    }

    /// <summary>Ends a message.</summary>
    public void End(JsonElement? finishReason = null)
    {
        output.WriteEndArray();
        output.WriteText("finish_reason"u8, finishReason ?? FinishReason);
        output.WriteEndObject();
    }

    /// <summary>Has a message of this role open for parts without a message; false when there are too many.</summary>
    public bool TryJoin(string role)
    {
        if (_joined == role)
        {
            return true;
        }

        bool started = TryStart(role);
        _joined = started ? role : null;
        return started;
    }

    /// <summary>Ends the message that parts join.</summary>
    public void Close()
    {
        if (_joined is not null)
        {
            _joined = null;
            End();
        }
    }

    /// <summary>Writes a message with one text.</summary>
    public void TextMessage(ReadOnlySpan<byte> text)
    {
        if (TryStart(DefaultRole))
        {
            TextPart(text);
            End();
        }
    }

    /// <summary>Begins a part; false when there are too many.</summary>
    public bool TryStartPart(ReadOnlySpan<byte> type)
    {
        if (_parts >= MostParts)
        {
            Flaws |= MessageFlaws.Cut;
            return false;
        }

        _parts++;
        output.WriteStartObject();
        output.WriteString("type"u8, type);
        return true;
    }

    /// <summary>Ends a part.</summary>
    public void EndPart() => output.WriteEndObject();

    /// <summary>Writes a part that is a type and a content; an empty text is left out.</summary>
    public void ContentPart(ReadOnlySpan<byte> type, JsonElement? content)
    {
        if (content is { } value && !value.IsEmptyText() && TryStartPart(type))
        {
            output.WriteText("content"u8, value);
            EndPart();
        }
    }

    /// <summary>Writes a text part; bytes that are not UTF-8 become replacement characters.</summary>
    public void TextPart(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || !TryStartPart("text"u8))
        {
            return;
        }

        if (Utf8.IsValid(text))
        {
            output.WriteString("content"u8, text);
        }
        else
        {
            output.WriteString("content"u8, Encoding.UTF8.GetString(text));
        }

        EndPart();
    }

    /// <summary>Writes the arguments of a call as a property of the part; JSON in a text becomes JSON.</summary>
    public void Arguments(JsonElement arguments)
    {
        output.WritePropertyName("arguments"u8);
        if (_brokenArguments >= MostBrokenArguments)
        {
            arguments.WriteTo(output);
        }
        else if (!arguments.WriteUnwrapped(output))
        {
            _brokenArguments++;
        }
    }

    /// <summary>Counts a tool call, for the callers that must not write it twice.</summary>
    public void CountToolCall() => ToolCalls++;
}
