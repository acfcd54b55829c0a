using System.Buffers.Binary;

namespace Telemetry.Processor.Decode;

/// <summary>
/// Reads a KeyValue message that is laid out as every exporter lays it out: the key, then one scalar value, nothing else, lengths of at most two bytes. What is
/// laid out otherwise is none of its business; the general reader knows all that protobuf allows.
/// </summary>
internal static class PlainKeyValue
{
    /// <summary>Where the key's bytes begin.</summary>
    public const int KeyStart = 2;

    private const byte KeyTag = 0x0A;
    private const byte ValueTag = 0x12;
    private const byte StringTag = 0x0A;
    private const byte BoolTag = 0x10;
    private const byte IntTag = 0x18;
    private const byte DoubleTag = 0x21;
    private const int More = 0x80;
    private const int Bits = 7;

    /// <summary>Reads it; false when it is laid out in another way.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ReadOnlyMemory<byte> message, out int keyLength, out AttributeValue value)
    {
        keyLength = 0;
        value = default;
        if (bytes.Length < KeyStart || bytes[0] != KeyTag || bytes[1] >= More)
        {
            return false;
        }

        keyLength = bytes[1];
        int at = KeyStart + keyLength;
        if (at >= bytes.Length || bytes[at++] != ValueTag || !TryReadLength(bytes, ref at, out int length) || length != bytes.Length - at || length < 2)
        {
            return false;
        }

        byte tag = bytes[at++];
        switch (tag)
        {
            case StringTag when TryReadLength(bytes, ref at, out int textLength) && textLength == bytes.Length - at:
                value = AttributeValue.OfText(message.Slice(at, textLength));
                return true;
            case IntTag:
                return TryReadInteger(bytes[at..], out value);
            case DoubleTag when bytes.Length - at == sizeof(double):
                value = AttributeValue.OfDouble(BinaryPrimitives.ReadDoubleLittleEndian(bytes[at..]));
                return true;
            case BoolTag when bytes.Length - at == 1 && bytes[at] < More:
                value = AttributeValue.OfBool(bytes[at] != 0);
                return true;
            default:
                return false;
        }
    }

    private static bool TryReadLength(ReadOnlySpan<byte> bytes, ref int at, out int length)
    {
        length = 0;
        if (at >= bytes.Length)
        {
            return false;
        }

        length = bytes[at++];
        if (length < More)
        {
            return true;
        }

        if (at >= bytes.Length || bytes[at] >= More)
        {
            return false;
        }

        length = (length & (More - 1)) | (bytes[at++] << Bits);
        return true;
    }

    // Nine groups of seven bits, as far as positive numbers go; others are read in general.
    private static bool TryReadInteger(ReadOnlySpan<byte> bytes, out AttributeValue value)
    {
        const int MostBytes = 9;
        value = default;
        if (bytes.Length > MostBytes)
        {
            return false;
        }

        ulong number = 0;
        for (int i = 0; i < bytes.Length - 1; i++)
        {
            if (bytes[i] < More)
            {
                return false;
            }

            number |= (ulong)(bytes[i] & (More - 1)) << (Bits * i);
        }

        if (bytes[^1] >= More)
        {
            return false;
        }

        value = AttributeValue.OfInteger((long)(number | ((ulong)bytes[^1] << (Bits * (bytes.Length - 1)))));
        return true;
    }
}
