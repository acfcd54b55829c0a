using System.Text;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Fields;

namespace Telemetry.Processor.Screen.Requests;

/// <summary>
/// Whether a request asked for JSON, in the words of each dialect: <c>gen_ai.output.type</c>, a response format or a schema as an attribute of its own, or within
/// the parameters of the request that some dialects record as JSON.
/// </summary>
internal static class RequestReader
{
    private const int LongestSearched = 256 << 10;

    private static readonly byte[][] FormatKeys =
        Bytes("gen_ai.output.type", "gen_ai.request.response_format", "gen_ai.openai.request.response_format", "llm.request.response_format", "llm.response_format", "gen_ai.request.response_mime_type");

    private static readonly byte[][] SchemaKeys = Bytes("gen_ai.request.structured_output_schema", "llm.structured_output.schema", "ai.schema", "gen_ai.output.schema");

    private static readonly byte[][] ParameterKeys =
        Bytes("llm.invocation_parameters", "model_request_parameters", "langfuse.observation.model.parameters", "mlflow.spanInputs", "gen_ai.request.parameters", "llm.request.parameters", "gcp.vertex.agent.llm_request");

    /// <summary>Reads the attributes of a call.</summary>
    public static RequestedFormat Read(AttributeSet attributes)
    {
        RequestedFormat format = default;
        foreach ((ReadOnlyMemory<byte> key, AttributeValue value) in attributes.Others)
        {
            Take(key.Span, value, ref format);
        }

        foreach ((AttributeKey key, AttributeValue value) in attributes.Known)
        {
            Take(attributes.Keys.NameOf(key).Span, value, ref format);
        }

        return format;
    }

    private static void Take(ReadOnlySpan<byte> key, AttributeValue value, ref RequestedFormat format)
    {
        if (value.Kind != ValueKind.Text || key.Length < 9)
        {
            return;
        }

        if (IsOneOf(key, FormatKeys))
        {
            TakeFormat(value, ref format);
        }
        else if (IsOneOf(key, SchemaKeys) && value.Text is [(byte)'{', ..])
        {
            format = new RequestedFormat(true, value.Slice);
        }
        else if (IsOneOf(key, ParameterKeys) && value.Text.Length <= LongestSearched && value.Text.IndexOf("json"u8) >= 0)
        {
            TakeParameters(value, ref format);
        }
    }

    // json, json_object, json_schema, application/json, or an object with a type.
    private static void TakeFormat(AttributeValue value, ref RequestedFormat format)
    {
        if (value.Text is [(byte)'{', ..])
        {
            TakeResponseFormat(value, ref format);
            return;
        }

        ReadOnlySpan<byte> text = value.Text.Trim("\" "u8);
        if (text.SequenceEqual("json"u8) || text.SequenceEqual("json_object"u8) || text.SequenceEqual("json_schema"u8) || text.SequenceEqual("application/json"u8))
        {
            format = format with { IsJson = true };
        }
    }

    private static void TakeResponseFormat(AttributeValue value, ref RequestedFormat format)
    {
        ReadOnlySpan<byte> type = JsonFields.Find(value, "type").Text;
        if (type.SequenceEqual("json_object"u8) || type.SequenceEqual("json_schema"u8) || type.SequenceEqual("json"u8))
        {
            AttributeValue schema = First(JsonFields.Find(value, "json_schema", "schema"), JsonFields.Find(value, "schema"));
            format = new RequestedFormat(true, schema.Text is [(byte)'{', ..] ? schema.Slice : format.Schema);
        }
    }

    private static void TakeParameters(AttributeValue value, ref RequestedFormat format)
    {
        AttributeValue response = First(JsonFields.Find(value, "response_format"), JsonFields.Find(value, "text", "format"));
        if (response.Kind == ValueKind.Text)
        {
            TakeFormat(response, ref format);
        }

        AttributeValue mime = First(JsonFields.Find(value, "response_mime_type"), JsonFields.Find(value, "config", "response_mime_type"));
        if (mime.Text.SequenceEqual("application/json"u8))
        {
            AttributeValue schema = First(JsonFields.Find(value, "response_json_schema"), JsonFields.Find(value, "config", "response_json_schema"));
            format = new RequestedFormat(true, schema.Text is [(byte)'{', ..] ? schema.Slice : format.Schema);
        }

        // pydantic-ai: only in its native mode is the answer itself the object.
        if (JsonFields.Find(value, "output_mode").Text.SequenceEqual("native"u8))
        {
            AttributeValue schema = JsonFields.Find(value, "output_object", "json_schema");
            format = new RequestedFormat(true, schema.Text is [(byte)'{', ..] ? schema.Slice : format.Schema);
        }
    }

    private static AttributeValue First(AttributeValue first, AttributeValue second) => first.Kind != ValueKind.None ? first : second;

    private static bool IsOneOf(ReadOnlySpan<byte> key, byte[][] keys)
    {
        foreach (byte[] known in keys)
        {
            if (key.Length == known.Length && key.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
