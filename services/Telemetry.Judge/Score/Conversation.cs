using System.Text;
using System.Text.Json;
using Telemetry.Judge.Ask;

namespace Telemetry.Judge.Score;

/// <summary>Turns stored messages (JSON in the shape of the OpenTelemetry GenAI conventions) into texts for a judge. What is not of that shape is taken as it stands.</summary>
internal static class Conversation
{
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 128 };

    /// <summary>The subject of a call.</summary>
    /// <param name="instructions">System instructions; empty when none.</param>
    /// <param name="input">Input messages.</param>
    /// <param name="output">Output messages.</param>
    /// <param name="retrieved">What retrievals and tools of the trace gave back before, JSON arrays of texts.</param>
    public static JudgeSubject Of(string instructions, string input, string output, IReadOnlyList<string> retrieved)
    {
        var context = new List<string>();
        string request = Text(input, context);
        string system = Text(instructions, null);
        foreach (string documents in retrieved)
        {
            context.AddRange(Texts(documents));
        }

        return new JudgeSubject(system.Length > 0 ? $"system: {system}\n{request}" : request, Answer(output), context.Count > 0 ? string.Join("\n\n", context.Distinct(StringComparer.Ordinal)) : null);
    }

    private static string Answer(string output)
    {
        string text = Text(output, null);

        // A single answer needs no "assistant:" before it.
        const string Assistant = "assistant: ";
        return text.StartsWith(Assistant, StringComparison.Ordinal) && text.IndexOf("\n" + Assistant, StringComparison.Ordinal) < 0 ? text[Assistant.Length..] : text;
    }

    private static string Text(string json, List<string>? context)
    {
        if (json.Length == 0 || Parse(json) is not { } document)
        {
            return json;
        }

        using (document)
        {
            var text = new StringBuilder();
            foreach (JsonElement message in Items(document.RootElement))
            {
                AppendMessage(text, message, context);
            }

            return text.ToString().Trim();
        }
    }

    private static void AppendMessage(StringBuilder text, JsonElement message, List<string>? context)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            text.Append(Scalar(message)).Append('\n');
            return;
        }

        string role = message.TryGetProperty("role", out JsonElement r) ? Scalar(r) : "";
        if (role.Length > 0)
        {
            text.Append(role).Append(": ");
        }

        bool hasParts = message.TryGetProperty("parts", out JsonElement parts) || message.TryGetProperty("content", out parts);
        foreach (JsonElement part in hasParts ? Items(parts) : [message])
        {
            AppendPart(text, part, role, context);
        }

        text.Append('\n');
    }

    private static void AppendPart(StringBuilder text, JsonElement part, string role, List<string>? context)
    {
        if (part.ValueKind != JsonValueKind.Object)
        {
            AppendText(text, Scalar(part), role == "tool" ? context : null);
            return;
        }

        string type = part.TryGetProperty("type", out JsonElement t) ? Scalar(t) : "";
        switch (type)
        {
            case "tool_call":
                text.Append("[calls ").Append(Field(part, "name")).Append(' ').Append(Field(part, "arguments")).Append("] ");
                break;
            case "tool_call_response":
                AppendText(text, FirstField(part, "response", "result", "content"), context);
                break;
            case "blob" or "file" or "uri":
                text.Append('[').Append(Field(part, "modality")).Append("] ");
                break;
            case "reasoning":
                break;
            default:
                AppendText(text, FirstField(part, "content", "text"), role == "tool" ? context : null);
                break;
        }
    }

    // What a tool gave back in the conversation is context as well: it is what the model could know.
    private static void AppendText(StringBuilder text, string part, List<string>? context)
    {
        text.Append(part).Append(' ');
        if (context is not null && part.Length > 0)
        {
            context.Add(part);
        }
    }

    private static string[] Texts(string json)
    {
        if (Parse(json) is not { } document)
        {
            return [json];
        }

        using (document)
        {
            return [.. Items(document.RootElement).Select(Scalar).Where(t => t.Length > 0)];
        }
    }

    private static JsonElement[] Items(JsonElement element) => element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : [element];

    private static string Field(JsonElement part, string name) => part.TryGetProperty(name, out JsonElement value) ? Scalar(value) : "";

    private static string FirstField(JsonElement part, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Field(part, name) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return "";
    }

    private static string Scalar(JsonElement value)
    {
        try
        {
            return value.ValueKind switch { JsonValueKind.String => value.GetString()!, JsonValueKind.Null or JsonValueKind.Undefined => "", _ => value.GetRawText() };
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped.
            return value.GetRawText();
        }
    }

    private static JsonDocument? Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
