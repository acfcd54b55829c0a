using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>
/// Messages that are a role and a content: OpenAI chat, Anthropic, AI SDK, Ollama and Cohere with a content; the conventions, Gemini and the AI SDK's
/// user interface with parts.
/// </summary>
internal static class ChatMessages
{
    /// <summary>Whether an object is a message by its role or its parts.</summary>
    public static bool IsMessage(JsonElement value) => value.Get("role"u8) is not null || value.Array("parts"u8) is not null;

    /// <summary>Whether an object says something, be it without a role.</summary>
    public static bool HasContent(JsonElement value) =>
        Content(value) is not null || Calls(value) is not null || value.Object("function_call"u8) is not null || value.Text("refusal"u8) is not null;

    /// <summary>Writes a message.</summary>
    public static void Write(MessageSink sink, JsonElement message)
    {
        string fallback = CallId(message) is null ? sink.DefaultRole : Roles.Tool;
        string role = Roles.Of(message.Get("role"u8), Roles.OfEvent(message) ?? fallback);
        if (sink.TryStart(role, message.Text("name"u8)))
        {
            WriteParts(sink, message, role);
            sink.End(FinishReasonOf(message));
        }
    }

    /// <summary>Writes what a message holds as parts.</summary>
    public static void WriteParts(MessageSink sink, JsonElement message, string role)
    {
        sink.ContentPart("reasoning"u8, message.Text("reasoning_content"u8) ?? message.Text("reasoning"u8) ?? message.Text("reasoningText"u8) ?? message.Text("thinking"u8));
        int calls = sink.ToolCalls;
        if (Content(message) is { } content)
        {
            WriteContent(sink, message, content, role);
        }

        sink.ContentPart("refusal"u8, message.Text("refusal"u8));
        WriteAudio(sink, message);

        // LangChain gives the calls of Anthropic's models twice: as blocks of the content and beside it.
        if (sink.ToolCalls == calls)
        {
            WriteCalls(sink, message);
        }
    }

    /// <summary>Why the model stopped, in any of the usual names.</summary>
    public static JsonElement? FinishReasonOf(JsonElement value) =>
        value.Text("finish_reason"u8) ?? value.Text("finishReason"u8) ?? value.Text("stop_reason"u8) ?? value.Text("stopReason"u8) ?? value.Text("done_reason"u8);

    private static JsonElement? Content(JsonElement message) =>
        FilledArray(message, "parts"u8) ?? message.Get("content"u8) ?? message.Text("text"u8)
        ?? message.Text("message"u8) ?? message.Text("completion"u8) ?? message.Text("generated_text"u8) ?? message.Text("output_text"u8)
        ?? message.Text("outputText"u8) ?? message.Text("response"u8);

    private static JsonElement? FilledArray(JsonElement message, ReadOnlySpan<byte> name) =>
        message.Array(name) is { } array && array.GetArrayLength() > 0 ? array : null;

    private static JsonElement? Calls(JsonElement message) => message.Array("tool_calls"u8) ?? message.Array("toolCalls"u8);

    private static JsonElement? CallId(JsonElement message) => message.Text("tool_call_id"u8) ?? message.Text("toolCallId"u8);

    private static void WriteContent(MessageSink sink, JsonElement message, JsonElement content, string role)
    {
        JsonElement? callId = CallId(message);
        if (callId is not null || (role == Roles.Tool && content.ValueKind == JsonValueKind.String))
        {
            ToolParts.WriteResponse(sink, callId, null, content);
        }
        else if (content.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement part in content.EnumerateArray())
            {
                Parts.Write(sink, part);
            }
        }
        else
        {
            Parts.Write(sink, content);
        }
    }

    private static void WriteCalls(MessageSink sink, JsonElement message)
    {
        if (Calls(message) is { } calls)
        {
            foreach (JsonElement call in calls.EnumerateArray())
            {
                ToolParts.WriteCall(sink, call);
            }
        }

        if (message.Object("function_call"u8) is { } function)
        {
            ToolParts.WriteCall(sink, function);
        }
    }

    private static void WriteAudio(MessageSink sink, JsonElement message)
    {
        if (message.Object("audio"u8) is { } audio)
        {
            sink.ContentPart("text"u8, audio.Text("transcript"u8));
            MediaParts.TryWrite(sink, audio, "audio");
        }
    }
}
