using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Telemetry.Collector.Receive;

/// <summary>
/// OTLP/JSON to OTLP protobuf in one pass, without a document tree. Ids are hex, 64-bit integers strings or numbers, unknown fields are
/// ignored, null means absent, enums are numbers (their names are taken too). Source: OTLP specification, "JSON Protobuf Encoding".
/// </summary>
internal sealed class JsonTranscoder(int maxDepth, int maxBytes)
{
    // Around the deepest attribute value stand the request's own arrays and objects: resourceSpans [ { scopeSpans [ { spans [ { events [ { attributes [ { value {.
    private const int EnvelopeDepth = 16;

    // Each level of an attribute value is an object, "arrayValue", an object and an array.
    private const int JsonLevelsOfValue = 4;

    /// <summary>Transcodes a request. Throws <see cref="RefusedException"/> naming the field and value that is wrong.</summary>
    public void Transcode(ReadOnlySpan<byte> json, JsonShape shape, ProtobufBuffer output)
    {
        var options = new JsonReaderOptions { MaxDepth = EnvelopeDepth + (maxDepth * JsonLevelsOfValue) };
        var reader = new Utf8JsonReader(json, options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw RefusedException.Invalid($"the body is not a JSON object ({shape.Name})");
            }

            WriteMessage(ref reader, shape, output);
            if (reader.Read())
            {
                throw RefusedException.Invalid("there is more behind the JSON object");
            }
        }
        catch (JsonException e)
        {
            throw RefusedException.Invalid($"not JSON, or nested over {options.MaxDepth} levels: {e.Message}");
        }
    }

    /// <summary>Room for the output of one request.</summary>
    public ProtobufBuffer CreateOutput() => new(maxBytes);

    private void WriteMessage(ref Utf8JsonReader reader, JsonShape shape, ProtobufBuffer output)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            JsonField? field = shape.Find(name);
            reader.Read();
            if (field is null)
            {
                reader.Skip();
            }
            else if (reader.TokenType == JsonTokenType.StartArray && field.Kind == JsonKind.Message)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    WriteValue(ref reader, shape, name, field, output);
                }
            }
            else
            {
                WriteValue(ref reader, shape, name, field, output);
            }
        }
    }

    private void WriteValue(ref Utf8JsonReader reader, JsonShape shape, string name, JsonField field, ProtobufBuffer output)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (field.Kind == JsonKind.Message)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Wrong(ref reader, shape, name, "an object");
            }

            int start = output.Begin(field.Number);
            WriteMessage(ref reader, field.Shape!(), output);
            output.End(start);
            return;
        }

        WriteScalar(ref reader, shape, name, field, output);
    }

    private static void WriteScalar(ref Utf8JsonReader reader, JsonShape shape, string name, JsonField field, ProtobufBuffer output)
    {
        switch (field.Kind)
        {
            case JsonKind.Text:
                WriteText(ref reader, shape, name, field, output);
                break;
            case JsonKind.HexBytes:
                WriteHex(ref reader, shape, name, field, output);
                break;
            case JsonKind.Base64Bytes:
                WriteBase64(ref reader, shape, name, field, output);
                break;
            case JsonKind.Fixed64:
                output.Fixed64(field.Number, ReadUnsigned(ref reader, shape, name, field, ulong.MaxValue));
                break;
            case JsonKind.Fixed32:
                output.Fixed32(field.Number, (uint)ReadUnsigned(ref reader, shape, name, field, uint.MaxValue));
                break;
            case JsonKind.Unsigned:
                output.Varint(field.Number, ReadUnsigned(ref reader, shape, name, field, uint.MaxValue));
                break;
            case JsonKind.Signed:
                output.Varint(field.Number, (ulong)ReadSigned(ref reader, shape, name));
                break;
            case JsonKind.Bool:
                output.Varint(field.Number, ReadBool(ref reader, shape, name) ? 1UL : 0UL);
                break;
            case JsonKind.Double:
                output.Fixed64(field.Number, (ulong)BitConverter.DoubleToInt64Bits(ReadDouble(ref reader, shape, name)));
                break;
            default:
                throw new InvalidOperationException($"no rule for {field.Kind}");
        }
    }

    private static void WriteText(ref Utf8JsonReader reader, JsonShape shape, string name, JsonField field, ProtobufBuffer output)
    {
        Require(ref reader, shape, name, JsonTokenType.String, "a string");
        if (!reader.ValueIsEscaped && !reader.HasValueSequence)
        {
            output.Bytes(field.Number, reader.ValueSpan);
            return;
        }

        byte[] unescaped = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            output.Bytes(field.Number, unescaped.AsSpan(0, reader.CopyString(unescaped)));
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate escape has no UTF-8 form.
            throw RefusedException.Invalid($"{shape.Name}.{name}: a string with an escape that is not valid Unicode");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(unescaped);
        }
    }

    private static void WriteHex(ref Utf8JsonReader reader, JsonShape shape, string name, JsonField field, ProtobufBuffer output)
    {
        Require(ref reader, shape, name, JsonTokenType.String, "a string of hex digits");
        ReadOnlySpan<byte> hex = reader.ValueSpan;
        if (hex.Length % 2 != 0 || Convert.FromHexString(hex, output.Bytes(field.Number, hex.Length / 2), out _, out _) != OperationStatus.Done)
        {
            throw Wrong(ref reader, shape, name, "a string of hex digits");
        }
    }

    private static void WriteBase64(ref Utf8JsonReader reader, JsonShape shape, string name, JsonField field, ProtobufBuffer output)
    {
        Require(ref reader, shape, name, JsonTokenType.String, "a base64 string");
        if (!reader.TryGetBytesFromBase64(out byte[]? bytes))
        {
            // proto3 JSON takes the URL-safe alphabet and missing padding too.
            string text = reader.GetString()!.TrimEnd('=').Replace('+', '-').Replace('/', '_');
            if (!Base64Url.IsValid(text))
            {
                throw Wrong(ref reader, shape, name, "a base64 string");
            }

            bytes = Base64Url.DecodeFromChars(text);
        }

        output.Bytes(field.Number, bytes);
    }

    private static ulong ReadUnsigned(ref Utf8JsonReader reader, JsonShape shape, string name, JsonField field, ulong max)
    {
        ulong value;
        bool ok = reader.TokenType == JsonTokenType.Number ? reader.TryGetUInt64(out value) : TryParseText(ref reader, out value);
        if (!ok && reader.TokenType == JsonTokenType.String && field.Names is not null && field.Names.TryGetValue(reader.GetString()!, out int named))
        {
            return (ulong)named;
        }

        return ok && value <= max ? value : throw Wrong(ref reader, shape, name, $"a whole number from 0 to {max}");
    }

    private static long ReadSigned(ref Utf8JsonReader reader, JsonShape shape, string name)
    {
        long value;
        bool ok = reader.TokenType == JsonTokenType.Number ? reader.TryGetInt64(out value) : TryParseText(ref reader, out value);
        return ok ? value : throw Wrong(ref reader, shape, name, "a whole number of 64 bits, as number or string");
    }

    private static bool ReadBool(ref Utf8JsonReader reader, JsonShape shape, string name) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong(ref reader, shape, name, "true or false"),
    };

    private static double ReadDouble(ref Utf8JsonReader reader, JsonShape shape, string name)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double number))
        {
            return number;
        }

        return reader.TokenType != JsonTokenType.String ? throw Wrong(ref reader, shape, name, "a number") : reader.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            { } text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) => parsed,
            _ => throw Wrong(ref reader, shape, name, "a number, NaN, Infinity or -Infinity"),
        };
    }

    private static bool TryParseText<T>(ref Utf8JsonReader reader, out T value)
        where T : struct, IUtf8SpanParsable<T>
    {
        value = default;
        return reader.TokenType == JsonTokenType.String && T.TryParse(reader.ValueSpan, CultureInfo.InvariantCulture, out value);
    }

    private static void Require(ref Utf8JsonReader reader, JsonShape shape, string name, JsonTokenType type, string allowed)
    {
        if (reader.TokenType != type)
        {
            throw Wrong(ref reader, shape, name, allowed);
        }
    }

    private static RefusedException Wrong(ref Utf8JsonReader reader, JsonShape shape, string name, string allowed)
    {
        const int Shown = 40;
        string value = reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            _ => Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(Shown, reader.ValueSpan.Length)]),
        };
        return RefusedException.Invalid($"{shape.Name}.{name} = {value}; allowed: {allowed}");
    }
}
