using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>Objects around messages: requests, responses, choices, and the inputs and outputs of chains.</summary>
internal static class Envelopes
{
    /// <summary>Writes the messages in an object; false when it holds none that we know.</summary>
    public static bool TryWrite(MessageSink sink, JsonElement value)
    {
        return TryWriteRequest(sink, value) || TryWriteResponse(sink, value) || TryWriteChoice(sink, value)
            || (value.GetPropertyCount() == 1 && TryWriteInstructions(sink, value));
    }

    private static bool TryWriteInstructions(MessageSink sink, JsonElement value)
    {
        JsonElement? instructions = value.Get("system"u8) ?? value.Get("instructions"u8) ?? value.Get("systemInstruction"u8) ?? value.Get("system_instruction"u8);
        if (instructions is not { ValueKind: JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object } present)
        {
            return false;
        }

        string before = sink.DefaultRole;
        sink.DefaultRole = Roles.System;
        MessageShapes.Write(sink, present);
        sink.Close();
        sink.DefaultRole = before;
        return true;
    }

    private static bool TryWriteRequest(MessageSink sink, JsonElement value)
    {
        JsonElement? messages = Inside(value, "messages"u8) ?? Inside(value, "contents"u8) ?? Inside(value, "prompt"u8) ?? Inside(value, "prompts"u8)
            ?? Inside(value, "input"u8) ?? Inside(value, "inputs"u8);
        if (messages is not { } present)
        {
            return false;
        }

        TryWriteInstructions(sink, value);
        MessageShapes.Write(sink, present);
        return true;
    }

    private static bool TryWriteResponse(MessageSink sink, JsonElement value)
    {
        JsonElement? answers = value.Array("choices"u8) ?? value.Array("candidates"u8) ?? value.Array("generations"u8) ?? Inside(value, "output"u8) ?? Inside(value, "outputs"u8);
        if (answers is not { } present)
        {
            return false;
        }

        string before = sink.DefaultRole;
        JsonElement? finishReason = sink.FinishReason;
        sink.DefaultRole = Roles.Assistant;
        sink.FinishReason = ChatMessages.FinishReasonOf(value) ?? finishReason;
        MessageShapes.Write(sink, present);
        sink.Close();
        sink.FinishReason = finishReason;
        sink.DefaultRole = before;
        return true;
    }

    // {"message": …, "finish_reason"} of OpenAI, {"content": {"parts"}, "finishReason"} of Gemini, {"message", "generation_info"} of LangChain.
    private static bool TryWriteChoice(MessageSink sink, JsonElement value)
    {
        JsonElement? message = value.Object("message"u8) ?? value.Object("delta"u8) ?? GeminiContent(value);
        if (message is not { } present)
        {
            return false;
        }

        JsonElement? before = sink.FinishReason;
        sink.Close();
        sink.FinishReason = ChatMessages.FinishReasonOf(value) ?? (value.Object("generation_info"u8) is { } info ? ChatMessages.FinishReasonOf(info) : null) ?? before;
        MessageShapes.Write(sink, present);
        sink.Close();
        sink.FinishReason = before;
        return true;
    }

    private static JsonElement? GeminiContent(JsonElement value) =>
        value.Object("content"u8) is { } content && content.Array("parts"u8) is not null ? content : null;

    private static JsonElement? Inside(JsonElement value, ReadOnlySpan<byte> name) =>
        value.Get(name) is { ValueKind: JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object } present ? present : null;
}
