using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>Parts of a content. One with a type that we do not know is passed on as it is.</summary>
internal static class Parts
{
    private const int LongestType = 48;

    private enum Kind
    {
        None,
        Text,
        Reasoning,
        Refusal,
        ToolCall,
        ToolResponse,
        Image,
        Audio,
        Video,
        Document,
        AsIs,
    }

    /// <summary>Whether an object has a type that only parts have.</summary>
    public static bool IsTyped(JsonElement value) => KindOf(value) != Kind.None;

    /// <summary>Writes a part.</summary>
    public static void Write(MessageSink sink, JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        if (!part.IsObject())
        {
            sink.ContentPart("text"u8, part);
        }
        else if (!TryWriteTyped(sink, part))
        {
            WriteUntyped(sink, part);
        }
    }

    /// <summary>Writes a part with all that it has.</summary>
    public static void WriteAsIs(MessageSink sink, JsonElement part, JsonElement type)
    {
        using var name = new UnescapedText(type);
        if (sink.TryStartPart(name.Span))
        {
            WriteOthers(sink, part);
            sink.EndPart();
        }
    }

    /// <summary>Writes the properties of a part but its type and those named.</summary>
    public static void WriteOthers(MessageSink sink, JsonElement part, params ReadOnlySpan<string> written)
    {
        foreach (JsonProperty property in part.EnumerateObject())
        {
            if (!property.NameEquals("type"u8) && !IsOneOf(property, written))
            {
                property.WriteTo(sink.Output);
            }
        }
    }

    private static bool TryWriteTyped(MessageSink sink, JsonElement part)
    {
        switch (KindOf(part))
        {
            case Kind.Text:
                WriteText(sink, part, "text"u8);
                return true;
            case Kind.Reasoning:
                WriteText(sink, part, "reasoning"u8);
                return true;
            case Kind.Refusal:
                WriteText(sink, part, "refusal"u8);
                return true;
            case Kind.ToolCall:
                ToolParts.WriteCall(sink, part);
                return true;
            case Kind.ToolResponse:
                ToolParts.WriteResponse(sink, part);
                return true;
            case Kind.Image:
                return MediaParts.TryWrite(sink, part, "image");
            case Kind.Audio:
                return MediaParts.TryWrite(sink, part, "audio");
            case Kind.Video:
                return MediaParts.TryWrite(sink, part, "video");
            case Kind.Document:
                return MediaParts.TryWrite(sink, part, "document");
            default:
                return false;
        }
    }

    private static void WriteUntyped(MessageSink sink, JsonElement part)
    {
        if (part.Text("type"u8) is { } type && !type.IsEmptyText())
        {
            WriteAsIs(sink, part, type);
        }
        else if (!KeyedParts.TryWrite(sink, part))
        {
            sink.TextPart(part.Raw());
        }
    }

    // What is in the conventions' shape already keeps its other properties.
    private static void WriteText(MessageSink sink, JsonElement part, ReadOnlySpan<byte> type)
    {
        if (part.Text("content"u8) is not { } content)
        {
            sink.ContentPart(type, TextOf(part));
        }
        else if (sink.TryStartPart(type))
        {
            sink.Output.WriteText("content"u8, content);
            WriteOthers(sink, part, "content");
            sink.EndPart();
        }
    }

    private static JsonElement? TextOf(JsonElement part) =>
        part.Get("text"u8) is { ValueKind: JsonValueKind.Object } annotated && annotated.Get("value"u8) is { } value
            ? value
            : part.Get("text"u8) ?? part.Get("content"u8) ?? part.Get("thinking"u8) ?? part.Get("reasoning"u8) ?? part.Get("refusal"u8);

    private static Kind KindOf(JsonElement part)
    {
        Span<char> buffer = stackalloc char[LongestType];
        return part.Text("type"u8).Name(buffer) switch
        {
            "text" or "input_text" or "output_text" or "summary_text" => Kind.Text,
            "reasoning" or "thinking" or "reasoning_text" => Kind.Reasoning,
            "refusal" => Kind.Refusal,
            "tool_call" or "tool_use" or "tool-call" or "function" or "function_call" or "toolCall" => Kind.ToolCall,
            "tool_call_response" or "tool_result" or "tool-result" or "toolResult" => Kind.ToolResponse,
            "image" or "image_url" or "input_image" or "image-url" => Kind.Image,
            "audio" or "input_audio" or "audio_url" or "audio-url" => Kind.Audio,
            "video" or "video_url" or "input_video" or "video-url" => Kind.Video,
            "file" or "input_file" or "document" or "document-url" or "media" or "binary" => Kind.Document,
            "uri" or "blob" or "compaction" or "server_tool_call" or "server_tool_call_response" or "server_tool_use" or "redacted_thinking" => Kind.AsIs,
            _ => Kind.None,
        };
    }

    private static bool IsOneOf(JsonProperty property, ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (property.NameEquals(name))
            {
                return true;
            }
        }

        return false;
    }
}
