using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>Parts told apart by the name of a property and not by a type: those of Gemini and Bedrock, and the AI SDK's lists of tool calls.</summary>
internal static class KeyedParts
{
    /// <summary>Whether an object is such a part and nothing more.</summary>
    public static bool IsPart(JsonElement value) =>
        Call(value) is not null || Response(value) is not null || Data(value) is not null || Reasoning(value) is not null
        || value.Object("function"u8) is not null || (value.Text("text"u8) is not null && !HasMoreThanText(value));

    /// <summary>Whether an object is a tool call or tool result of the AI SDK.</summary>
    public static bool IsSdkTool(JsonElement part) => part.Text("toolName"u8) is not null && part.Text("toolCallId"u8) is not null;

    /// <summary>Writes a part; false when it is none.</summary>
    public static bool TryWrite(MessageSink sink, JsonElement part)
    {
        if (part.Get("text"u8) is { } text)
        {
            bool isThought = part.Get("thought"u8) is { ValueKind: JsonValueKind.True };
            sink.ContentPart(isThought ? "reasoning"u8 : "text"u8, text);
            return true;
        }

        return TryWriteTool(sink, part) || TryWriteData(sink, part) || TryWriteReasoning(sink, part);
    }

    private static bool TryWriteTool(MessageSink sink, JsonElement part)
    {
        if (Call(part) is { } call)
        {
            ToolParts.WriteCall(sink, call);
            return true;
        }

        if (Response(part) is { } response)
        {
            ToolParts.WriteResponse(sink, response);
            return true;
        }

        if (IsSdkTool(part) && (part.Get("output"u8) ?? part.Get("result"u8)) is not null)
        {
            ToolParts.WriteResponse(sink, part);
            return true;
        }

        if (IsSdkTool(part) || part.Object("function"u8) is not null)
        {
            ToolParts.WriteCall(sink, part);
            return true;
        }

        return false;
    }

    private static bool TryWriteData(MessageSink sink, JsonElement part)
    {
        string modality = part.Object("image"u8) is not null ? "image" : part.Object("video"u8) is not null ? "video" : "document";
        return Data(part) is { } data && MediaParts.TryWrite(sink, data, modality);
    }

    private static bool TryWriteReasoning(MessageSink sink, JsonElement part)
    {
        if (Reasoning(part) is not { } reasoning)
        {
            return false;
        }

        sink.ContentPart("reasoning"u8, reasoning);
        return true;
    }

    private static JsonElement? Call(JsonElement part) => part.Object("functionCall"u8) ?? part.Object("function_call"u8) ?? part.Object("toolUse"u8);

    private static JsonElement? Response(JsonElement part) =>
        part.Object("functionResponse"u8) ?? part.Object("function_response"u8) ?? part.Object("toolResult"u8);

    private static JsonElement? Data(JsonElement part) =>
        part.Object("inlineData"u8) ?? part.Object("inline_data"u8) ?? part.Object("fileData"u8) ?? part.Object("file_data"u8)
        ?? part.Object("image"u8) ?? part.Object("document"u8) ?? part.Object("video"u8);

    private static JsonElement? Reasoning(JsonElement part) =>
        part.Object("reasoningContent"u8) is { } content && content.Object("reasoningText"u8) is { } text ? text.Text("text"u8) : null;

    private static bool HasMoreThanText(JsonElement value) =>
        value.Array("toolCalls"u8) is not null || value.Array("tool_calls"u8) is not null || ChatMessages.FinishReasonOf(value) is not null
        || value.Get("reasoning"u8) is not null || value.Get("reasoningText"u8) is not null;
}
