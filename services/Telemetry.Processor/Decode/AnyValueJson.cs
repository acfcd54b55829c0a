using System.Text;
using System.Text.Json;
using Telemetry.Contracts.Wire;

namespace Telemetry.Processor.Decode;

/// <summary>Structured attribute values as JSON: arrays as arrays, key-value lists as objects, bytes as base64, NaN and infinity as text.</summary>
internal static class AnyValueJson
{
    private const int Deepest = 64;

    /// <summary>Writes one value; below 64 levels it writes null.</summary>
    public static void Write(Utf8JsonWriter writer, AttributeValue value, int depth)
    {
        switch (value.Kind)
        {
            case ValueKind.Text:
                WriteText(writer, value.Text);
                break;
            case ValueKind.Bool:
                writer.WriteBooleanValue(value.IntegerValue != 0);
                break;
            case ValueKind.Integer:
                writer.WriteNumberValue(value.IntegerValue);
                break;
            case ValueKind.Double when double.IsFinite(value.DoubleValue):
                writer.WriteNumberValue(value.DoubleValue);
                break;
            case ValueKind.Double:
                writer.WriteStringValue(value.DoubleValue.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case ValueKind.Bytes:
                writer.WriteBase64StringValue(value.Slice.Span);
                break;
            case ValueKind.Array when depth < Deepest:
                writer.WriteStartArray();
                WriteArray(writer, value.Slice, depth + 1);
                writer.WriteEndArray();
                break;
            case ValueKind.KeyValueList when depth < Deepest:
                writer.WriteStartObject();
                WriteObject(writer, value.Slice, depth + 1);
                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void WriteArray(Utf8JsonWriter writer, ReadOnlyMemory<byte> list, int depth)
    {
        var reader = new ProtobufReader(list.Span);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber == OtlpFields.ValueList.Values && reader.WireType == WireType.LengthDelimited && reader.TryReadBytes(out ReadOnlySpan<byte> item))
            {
                Write(writer, AttributeValue.Read(list.Slice(reader.Position - item.Length, item.Length)), depth);
            }
            else
            {
                reader.TrySkip();
            }
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, ReadOnlyMemory<byte> list, int depth)
    {
        var reader = new ProtobufReader(list.Span);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber == OtlpFields.ValueList.Values && reader.WireType == WireType.LengthDelimited && reader.TryReadBytes(out ReadOnlySpan<byte> item))
            {
                WriteProperty(writer, list.Slice(reader.Position - item.Length, item.Length), depth);
            }
            else
            {
                reader.TrySkip();
            }
        }
    }

    private static void WriteProperty(Utf8JsonWriter writer, ReadOnlyMemory<byte> keyValue, int depth)
    {
        ReadOnlySpan<byte> key = default;
        AttributeValue value = default;
        var reader = new ProtobufReader(keyValue.Span);
        while (reader.TryReadTag())
        {
            if (reader.WireType == WireType.LengthDelimited && reader.TryReadBytes(out ReadOnlySpan<byte> bytes))
            {
                if (reader.FieldNumber == OtlpFields.KeyValue.Key)
                {
                    key = bytes;
                }
                else if (reader.FieldNumber == OtlpFields.KeyValue.Value)
                {
                    value = AttributeValue.Read(keyValue.Slice(reader.Position - bytes.Length, bytes.Length));
                }
            }
            else
            {
                reader.TrySkip();
            }
        }

        writer.WritePropertyName(Encoding.UTF8.GetString(key));
        Write(writer, value, depth);
    }

    // The writer refuses bytes that are not UTF-8; they become replacement characters.
    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> text)
    {
        if (System.Text.Unicode.Utf8.IsValid(text))
        {
            writer.WriteStringValue(text);
        }
        else
        {
            writer.WriteStringValue(Encoding.UTF8.GetString(text));
        }
    }
}
