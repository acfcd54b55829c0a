using System.Text;
using System.Text.Json;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>Calls of tools and what the tools answered.</summary>
internal static class ToolParts
{
    /// <summary>
    /// Writes a call: the conventions' (id, name, arguments), OpenAI's (function.name, function.arguments as text), Anthropic's and Bedrock's (input),
    /// the AI SDK's (toolCallId, toolName, input or args), Gemini's and LangChain's (name, args).
    /// </summary>
    public static void WriteCall(MessageSink sink, JsonElement call)
    {
        if (!call.IsObject() || !sink.TryStartPart("tool_call"u8))
        {
            return;
        }

        JsonElement function = call.Object("function"u8) ?? call;
        sink.CountToolCall();
        sink.Output.WriteText("id"u8, IdOf(call));
        sink.Output.WriteText("name"u8, function.Get("name"u8) ?? call.Get("name"u8) ?? call.Get("toolName"u8));
        if ((function.Get("arguments"u8) ?? call.Get("input"u8) ?? call.Get("args"u8)) is { } arguments)
        {
            sink.Arguments(arguments);
        }

        sink.EndPart();
    }

    /// <summary>Writes an answer: the conventions' (response, earlier result), Anthropic's (content), the AI SDK's (output or result), Gemini's (response).</summary>
    public static void WriteResponse(MessageSink sink, JsonElement answer) =>
        WriteResponse(
            sink,
            IdOf(answer),
            answer.Get("name"u8) ?? answer.Get("toolName"u8),
            answer.Get("response"u8) ?? answer.Get("result"u8) ?? answer.Get("output"u8) ?? answer.Get("content"u8));

    /// <summary>Writes an answer of these values.</summary>
    public static void WriteResponse(MessageSink sink, JsonElement? id, JsonElement? name, JsonElement? value)
    {
        if (sink.TryStartPart("tool_call_response"u8))
        {
            sink.Output.WriteText("id"u8, id);
            sink.Output.WriteText("name"u8, name);
            sink.Output.WritePropertyName("response"u8);
            WriteValue(sink.Output, value);
            sink.EndPart();
        }
    }

    private static JsonElement? IdOf(JsonElement part) =>
        part.Get("call_id"u8) ?? part.Get("tool_call_id"u8) ?? part.Get("tool_use_id"u8) ?? part.Get("toolCallId"u8) ?? part.Get("toolUseId"u8) ?? part.Get("id"u8);

    private static void WriteValue(Utf8JsonWriter output, JsonElement? value)
    {
        if (value is not { } present)
        {
            output.WriteNullValue();
        }
        else if (SdkValue(present) is { } inner)
        {
            WriteValue(output, inner);
        }
        else if (JoinedTexts(present) is { } text)
        {
            output.WriteStringValue(text);
        }
        else
        {
            present.WriteTo(output);
        }
    }

    // The AI SDK wraps what a tool gives: {"type": "json", "value": …}.
    private static JsonElement? SdkValue(JsonElement value)
    {
        const int LongestType = 16;
        Span<char> buffer = stackalloc char[LongestType];
        return value.Text("type"u8).Name(buffer) is "json" or "text" or "content" or "error-text" or "error-json" ? value.Get("value"u8) : null;
    }

    // The text of a list that holds nothing but texts.
    private static string? JoinedTexts(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            return null;
        }

        var joined = new StringBuilder();
        foreach (JsonElement part in value.EnumerateArray())
        {
            if (!IsText(part) || part.Text("text"u8) is not { } text)
            {
                return null;
            }

            joined.Append(text.GetString());
        }

        return joined.ToString();
    }

    private static bool IsText(JsonElement part)
    {
        const int LongestType = 16;
        Span<char> buffer = stackalloc char[LongestType];
        return part.Text("type"u8).Name(buffer) is "" or "text" or "input_text" or "output_text";
    }
}
