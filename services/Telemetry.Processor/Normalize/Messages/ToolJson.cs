using System.Buffers;
using System.Text.Json;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Normalize.Messages;

/// <summary>
/// Tools offered to the model, in the shapes of OpenAI (<c>function</c>), Anthropic (<c>input_schema</c>), the AI SDK (<c>inputSchema</c>, JSON in
/// texts), Gemini (<c>functionDeclarations</c>) and Bedrock (<c>toolSpec</c>), become an array of
/// <c>{"type", "name", "description"?, "parameters"?}</c>. Never throws; always writes a whole array.
/// </summary>
internal static class ToolJson
{
    private const int MostTools = 4096;

    // Texts in texts: no more than the AI SDK's array of JSON texts, itself as a text.
    private const int DeepestText = 2;

    /// <summary>Writes the tools of an attribute: a JSON text, an array of JSON texts, or structured values. False when some are not understood.</summary>
    public static bool TryWriteTools(AttributeValue value, Utf8JsonWriter output, out MessageFlaws flaws)
    {
        if (value.Kind is ValueKind.Text or ValueKind.None)
        {
            return TryWriteTools(value.Text, output, out flaws);
        }

        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            AnyValueJson.Write(writer, value, 0);
        }

        return TryWriteTools(json.WrittenSpan, output, out flaws);
    }

    /// <summary>Writes the tools of a JSON text. False when some are not understood.</summary>
    public static bool TryWriteTools(ReadOnlySpan<byte> json, Utf8JsonWriter output, out MessageFlaws flaws)
    {
        var tools = new ToolWriter(output);
        output.WriteStartArray();
        if (json.Length > MessageJson.Longest)
        {
            tools.Flaws |= MessageFlaws.Cut | MessageFlaws.Unreadable;
        }
        else if (!json.Trim(" \t\r\n"u8).IsEmpty)
        {
            tools.WriteText(json, 0);
        }

        output.WriteEndArray();
        flaws = tools.Flaws;
        return flaws == MessageFlaws.None;
    }

    /// <summary>
    /// Writes the tools of indexed attributes: OpenInference's <c>llm.tools.N.tool.json_schema</c>, OpenLLMetry's
    /// <c>llm.request.functions.N.{name,description,parameters}</c>. False, with an empty array, when there are none under the prefix, which ends in a dot.
    /// </summary>
    public static bool TryWriteFlatTools(
        List<(ReadOnlyMemory<byte> Key, AttributeValue Value)> attributes, ReadOnlySpan<byte> prefix, Utf8JsonWriter output, out MessageFlaws flaws)
    {
        var fields = new SortedDictionary<long, Dictionary<FlatToolField, AttributeValue>>();
        foreach ((ReadOnlyMemory<byte> key, AttributeValue value) in attributes)
        {
            if (FlatToolKey.TryParse(key.Span, prefix, out long index, out FlatToolField field))
            {
                fields.TryAdd(index, []);
                fields[index][field] = value;
            }
        }

        var tools = new ToolWriter(output);
        output.WriteStartArray();
        foreach (Dictionary<FlatToolField, AttributeValue> tool in fields.Values)
        {
            WriteFlatTool(tools, tool);
        }

        output.WriteEndArray();
        flaws = tools.Flaws;
        return fields.Count > 0;
    }

    private static void WriteFlatTool(ToolWriter tools, Dictionary<FlatToolField, AttributeValue> tool)
    {
        if (tool.TryGetValue(FlatToolField.Schema, out AttributeValue schema) && schema.Kind == ValueKind.Text)
        {
            tools.WriteText(schema.Text, 0);
            return;
        }

        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach ((FlatToolField field, AttributeValue value) in tool)
            {
                writer.WritePropertyName(FlatToolKey.NameOf(field));
                AnyValueJson.Write(writer, value, 0);
            }

            writer.WriteEndObject();
        }

        tools.WriteText(json.WrittenSpan, 0);
    }

    private sealed class ToolWriter(Utf8JsonWriter output)
    {
        private int _tools;
        private int _texts;

        public MessageFlaws Flaws { get; set; }

        public void WriteText(ReadOnlySpan<byte> text, int depth)
        {
            if (_texts++ > MostTools)
            {
                Flaws |= MessageFlaws.Cut;
                return;
            }

            using JsonDocument? document = JsonSource.LooksStructured(text) || text.StartsWith("\""u8) ? JsonSource.TryParse(text) : null;
            if (document is null)
            {
                Flaws |= MessageFlaws.Unreadable;
            }
            else
            {
                Write(document.RootElement, depth);
            }
        }

        private void Write(JsonElement value, int depth)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Null:
                    break;
                case JsonValueKind.Array:
                    foreach (JsonElement item in value.EnumerateArray())
                    {
                        Write(item, depth);
                    }

                    break;
                case JsonValueKind.String when depth < DeepestText:
                    using (var text = new UnescapedText(value))
                    {
                        WriteText(text.Span, depth + 1);
                    }

                    break;
                case JsonValueKind.Object:
                    WriteObject(value, depth);
                    break;
                default:
                    Flaws |= MessageFlaws.UnknownShape;
                    break;
            }
        }

        private void WriteObject(JsonElement value, int depth)
        {
            JsonElement? more = value.Array("functionDeclarations"u8) ?? value.Array("function_declarations"u8) ?? value.Array("tools"u8) ?? value.Array("functions"u8);
            if (more is { } tools)
            {
                Write(tools, depth);
                return;
            }

            JsonElement function = value.Object("function"u8) ?? value.Object("toolSpec"u8) ?? value;
            JsonElement? type = value.Text("type"u8);
            JsonElement? name = function.Text("name"u8) ?? value.Text("name"u8) ?? type;
            if (name is not { } known)
            {
                Flaws |= MessageFlaws.UnknownShape;
            }
            else if (_tools++ >= MostTools)
            {
                Flaws |= MessageFlaws.Cut;
            }
            else
            {
                WriteTool(function, type, known);
            }
        }

        private void WriteTool(JsonElement function, JsonElement? type, JsonElement name)
        {
            output.WriteStartObject();
            if (type is { } known)
            {
                output.WriteText("type"u8, known);
            }
            else
            {
                output.WriteString("type"u8, "function"u8);
            }

            output.WriteText("name"u8, name);
            output.WriteText("description"u8, function.Get("description"u8));
            if (Parameters(function) is { } parameters)
            {
                output.WritePropertyName("parameters"u8);
                parameters.WriteUnwrapped(output);
            }

            output.WriteEndObject();
        }

        private static JsonElement? Parameters(JsonElement function)
        {
            JsonElement? schema = function.Get("parameters"u8) ?? function.Get("input_schema"u8) ?? function.Get("inputSchema"u8)
                ?? function.Get("parametersJsonSchema"u8) ?? function.Get("parameters_json_schema"u8);
            return schema?.Object("jsonSchema"u8) ?? (schema?.Get("type"u8) is null ? schema?.Object("json"u8) : null) ?? schema;
        }
    }
}
