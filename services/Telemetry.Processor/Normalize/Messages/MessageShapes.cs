using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>Tells by its properties what a JSON value is, message by message: one array may hold several shapes.</summary>
internal static class MessageShapes
{
    /// <summary>Writes the messages of a value.</summary>
    public static void Write(MessageSink sink, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                WriteAll(sink, value);
                break;
            case JsonValueKind.Object:
                WriteObject(sink, value);
                break;
            case JsonValueKind.String:
                WriteText(sink, value);
                break;
            case JsonValueKind.Null:
                break;
            default:
                WriteUnknown(sink, value);
                break;
        }
    }

    /// <summary>Whether a value is surely messages, and not data that happens to be JSON.</summary>
    public static bool AreMessages(JsonElement value)
    {
        while (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
        {
            value = value[0];
        }

        return value.Get("role"u8) is not null || value.Array("parts"u8) is not null || value.Array("messages"u8) is not null
            || value.Array("choices"u8) is not null || LangChainMessages.IsMessage(value);
    }

    /// <summary>Writes a message with one text; an empty one has no parts.</summary>
    public static void WriteText(MessageSink sink, JsonElement text)
    {
        if (sink.TryStart(sink.DefaultRole))
        {
            sink.ContentPart("text"u8, text);
            sink.End();
        }
    }

    private static void WriteAll(MessageSink sink, JsonElement values)
    {
        foreach (JsonElement value in values.EnumerateArray())
        {
            if (sink.IsFull)
            {
                sink.Flaws |= MessageFlaws.Cut;
                return;
            }

            Write(sink, value);
        }
    }

    private static void WriteObject(MessageSink sink, JsonElement value)
    {
        if (LangChainMessages.IsMessage(value))
        {
            LangChainMessages.Write(sink, value);
        }
        else if (ResponseItems.TryWrite(sink, value))
        {
            return;
        }
        else if (ChatMessages.IsMessage(value))
        {
            ChatMessages.Write(sink, value);
        }
        else if (Parts.IsTyped(value) || KeyedParts.IsSdkTool(value))
        {
            WriteLoosePart(sink, value);
        }
        else if (Envelopes.TryWrite(sink, value))
        {
            return;
        }
        else if (KeyedParts.IsPart(value))
        {
            WriteLoosePart(sink, value);
        }
        else if (ChatMessages.HasContent(value))
        {
            ChatMessages.Write(sink, value);
        }
        else
        {
            WriteUnknown(sink, value);
        }
    }

    private static void WriteLoosePart(MessageSink sink, JsonElement part)
    {
        if (sink.TryJoin(sink.DefaultRole))
        {
            Parts.Write(sink, part);
        }
    }

    private static void WriteUnknown(MessageSink sink, JsonElement value)
    {
        sink.Flaws |= MessageFlaws.UnknownShape;
        sink.TextMessage(value.Raw());
    }
}
