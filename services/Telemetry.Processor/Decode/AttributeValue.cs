using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Telemetry.Contracts.Wire;

namespace Telemetry.Processor.Decode;

/// <summary>Kinds of attribute values that are told apart.</summary>
internal enum ValueKind : byte
{
    /// <summary>No value, or an empty one.</summary>
    None,

    /// <summary>UTF-8 text (as sent; not necessarily valid).</summary>
    Text,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>64-bit integer.</summary>
    Integer,

    /// <summary>64-bit floating point, maybe NaN or infinite.</summary>
    Double,

    /// <summary>ArrayValue bytes.</summary>
    Array,

    /// <summary>KeyValueList bytes.</summary>
    KeyValueList,

    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>
/// One attribute value as a slice of the record. Reading is tolerant of what real emitters send: numbers as text, booleans as text, whole
/// numbers as floating point.
/// </summary>
internal readonly struct AttributeValue
{
    private readonly long _bits;

    private AttributeValue(ValueKind kind, long bits, ReadOnlyMemory<byte> slice)
    {
        Kind = kind;
        _bits = bits;
        Slice = slice;
    }

    /// <summary>What it is.</summary>
    public ValueKind Kind { get; }

    /// <summary>Text, or the bytes of the array, list or bytes value.</summary>
    public ReadOnlyMemory<byte> Slice { get; }

    /// <summary>Its text; empty when it is no text.</summary>
    public ReadOnlySpan<byte> Text => Kind == ValueKind.Text ? Slice.Span : default;

    /// <summary>Its text as memory; empty when it is no text.</summary>
    public ReadOnlyMemory<byte> TextMemory => Kind == ValueKind.Text ? Slice : default;

    /// <summary>Its number as floating point bits; only for <see cref="ValueKind.Double"/>.</summary>
    public double DoubleValue => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>Its number; for <see cref="ValueKind.Integer"/> and <see cref="ValueKind.Bool"/>.</summary>
    public long IntegerValue => _bits;

    /// <summary>A text.</summary>
    public static AttributeValue OfText(ReadOnlyMemory<byte> utf8) => new(ValueKind.Text, 0, utf8);

    /// <summary>A whole number.</summary>
    public static AttributeValue OfInteger(long number) => new(ValueKind.Integer, number, default);

    /// <summary>A floating point number.</summary>
    public static AttributeValue OfDouble(double number) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(number), default);

    /// <summary>True or false.</summary>
    public static AttributeValue OfBool(bool flag) => new(ValueKind.Bool, flag ? 1 : 0, default);

    /// <summary>Reads an AnyValue message; a malformed one is <see cref="ValueKind.None"/>.</summary>
    public static AttributeValue Read(ReadOnlyMemory<byte> anyValue)
    {
        var reader = new ProtobufReader(anyValue.Span);
        AttributeValue value = default;
        while (reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (OtlpFields.AnyValue.String, WireType.LengthDelimited):
                    value = Sliced(ValueKind.Text, ref reader, anyValue);
                    break;
                case (OtlpFields.AnyValue.Bool, WireType.Varint):
                    value = reader.TryReadVarint(out ulong flag) ? new AttributeValue(ValueKind.Bool, flag == 0 ? 0 : 1, default) : default;
                    break;
                case (OtlpFields.AnyValue.Int, WireType.Varint):
                    value = reader.TryReadVarint(out ulong number) ? new AttributeValue(ValueKind.Integer, (long)number, default) : default;
                    break;
                case (OtlpFields.AnyValue.Double, WireType.Fixed64):
                    value = reader.TryReadFixed64(out ulong bits) ? new AttributeValue(ValueKind.Double, (long)bits, default) : default;
                    break;
                case (OtlpFields.AnyValue.Array, WireType.LengthDelimited):
                    value = Sliced(ValueKind.Array, ref reader, anyValue);
                    break;
                case (OtlpFields.AnyValue.KeyValueList, WireType.LengthDelimited):
                    value = Sliced(ValueKind.KeyValueList, ref reader, anyValue);
                    break;
                case (OtlpFields.AnyValue.Bytes, WireType.LengthDelimited):
                    value = Sliced(ValueKind.Bytes, ref reader, anyValue);
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        return reader.IsMalformed ? default : value;
    }

    /// <summary>A whole number: an integer, a floating point number without fraction, or either as text.</summary>
    public bool TryGetInteger(out long value)
    {
        value = _bits;
        return Kind switch
        {
            ValueKind.Integer => true,
            ValueKind.Double => TryWhole(DoubleValue, out value),
            ValueKind.Text when Utf8Parser.TryParse(Slice.Span, out value, out int used) && used == Slice.Length => true,
            ValueKind.Text => Utf8Parser.TryParse(Slice.Span, out double number, out int used) && used == Slice.Length && TryWhole(number, out value),
            _ => false,
        };
    }

    /// <summary>A finite number, maybe as text.</summary>
    public bool TryGetNumber(out double value)
    {
        value = Kind switch
        {
            ValueKind.Integer => _bits,
            ValueKind.Double => DoubleValue,
            ValueKind.Text when Utf8Parser.TryParse(Slice.Span, out double parsed, out int used) && used == Slice.Length => parsed,
            _ => double.NaN,
        };
        return double.IsFinite(value);
    }

    /// <summary>True or false, maybe as text.</summary>
    public bool? AsBool() => Kind switch
    {
        ValueKind.Bool => _bits != 0,
        ValueKind.Text when Ascii.EqualsIgnoreCase(Slice.Span, "true"u8) => true,
        ValueKind.Text when Ascii.EqualsIgnoreCase(Slice.Span, "false"u8) => false,
        _ => null,
    };

    /// <summary>Adds the texts of an array, of a JSON array in a text, or the text itself.</summary>
    public void CollectTexts(List<ReadOnlyMemory<byte>> texts)
    {
        if (Kind == ValueKind.Array)
        {
            CollectArray(texts);
        }
        else if (Kind == ValueKind.Text && Slice.Length > 0 && !(Slice.Span[0] == (byte)'[' && TryCollectJson(texts)))
        {
            texts.Add(Slice);
        }
    }

    private void CollectArray(List<ReadOnlyMemory<byte>> texts)
    {
        var reader = new ProtobufReader(Slice.Span);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber == OtlpFields.ValueList.Values && reader.WireType == WireType.LengthDelimited && reader.TryReadBytes(out ReadOnlySpan<byte> item))
            {
                AttributeValue value = Read(Slice.Slice(reader.Position - item.Length, item.Length));
                if (value.Kind == ValueKind.Text)
                {
                    texts.Add(value.Slice);
                }
            }
            else
            {
                reader.TrySkip();
            }
        }
    }

    private bool TryCollectJson(List<ReadOnlyMemory<byte>> texts)
    {
        int before = texts.Count;
        var reader = new Utf8JsonReader(Slice.Span);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped)
                {
                    texts.Add(Slice.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length));
                }
            }

            return true;
        }
        catch (JsonException)
        {
            texts.RemoveRange(before, texts.Count - before);
            return false;
        }
    }

    private static bool TryWhole(double number, out long value)
    {
        const double TooLarge = 9.2e18;
        value = 0;
        if (!double.IsFinite(number) || Math.Abs(number) > TooLarge || number != Math.Truncate(number))
        {
            return false;
        }

        value = (long)number;
        return true;
    }

    private static AttributeValue Sliced(ValueKind kind, ref ProtobufReader reader, ReadOnlyMemory<byte> anyValue) =>
        reader.TryReadBytes(out ReadOnlySpan<byte> bytes)
            ? new AttributeValue(kind, 0, anyValue.Slice(reader.Position - bytes.Length, bytes.Length))
            : default;
}
