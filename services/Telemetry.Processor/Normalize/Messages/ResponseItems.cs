using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>Items of OpenAI's Responses API. What the model says in several items in a row is one message.</summary>
internal static class ResponseItems
{
    private const int LongestType = 48;

    /// <summary>Writes an item; false when it is none.</summary>
    public static bool TryWrite(MessageSink sink, JsonElement item)
    {
        Span<char> buffer = stackalloc char[LongestType];
        ReadOnlySpan<char> type = item.Text("type"u8).Name(buffer);
        switch (type)
        {
            case "message":
                return TryWriteMessage(sink, item);
            case "function_call" or "custom_tool_call" when item.Get("name"u8) is not null:
                return TryWriteCall(sink, item);
            case "function_call_output" or "custom_tool_call_output":
                return WriteOutput(sink, item);
            case "reasoning" when item.Array("summary"u8) is not null || item.Array("content"u8) is not null:
                return WriteReasoning(sink, item);
            default:
                return (type.EndsWith("_call") || type.EndsWith("_call_output")) && !Parts.IsTyped(item) && WriteOther(sink, item);
        }
    }

    private static bool TryWriteMessage(MessageSink sink, JsonElement item)
    {
        if (Roles.Of(item.Get("role"u8), "") != Roles.Assistant || ChatMessages.FinishReasonOf(item) is not null)
        {
            return false;
        }

        if (sink.TryJoin(Roles.Assistant))
        {
            ChatMessages.WriteParts(sink, item, Roles.Assistant);
        }

        return true;
    }

    private static bool TryWriteCall(MessageSink sink, JsonElement item)
    {
        if (sink.TryJoin(Roles.Assistant))
        {
            ToolParts.WriteCall(sink, item);
        }

        return true;
    }

    private static bool WriteOutput(MessageSink sink, JsonElement item)
    {
        if (sink.TryStart(Roles.Tool))
        {
            ToolParts.WriteResponse(sink, item.Get("call_id"u8), null, item.Get("output"u8));
            sink.End();
        }

        return true;
    }

    private static bool WriteReasoning(MessageSink sink, JsonElement item)
    {
        JsonElement? texts = item.Array("content"u8) is { } content && content.GetArrayLength() > 0 ? content : item.Array("summary"u8);
        if (texts is { } present && sink.TryJoin(Roles.Assistant))
        {
            foreach (JsonElement text in present.EnumerateArray())
            {
                sink.ContentPart("reasoning"u8, text.Text("text"u8));
            }
        }

        return true;
    }

    private static bool WriteOther(MessageSink sink, JsonElement item)
    {
        if (sink.TryJoin(Roles.Assistant))
        {
            Parts.Write(sink, item);
        }

        return true;
    }
}
