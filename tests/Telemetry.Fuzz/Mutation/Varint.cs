namespace Telemetry.Fuzz.Mutation;

/// <summary>Base-128 numbers, well and badly written.</summary>
internal static class Varint
{
    /// <summary>Room for any of them, padded ones too.</summary>
    public const int Longest = 12;

    /// <summary>Writes a number with the given number of bytes too many; gives what was written.</summary>
    public static Span<byte> Write(Span<byte> target, ulong value, int padding = 0)
    {
        int length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        for (; padding > 0 && length < target.Length; padding--)
        {
            target[length - 1] |= 0x80;
            target[length++] = 0;
        }

        return target[..length];
    }

    /// <summary>Reads a number of at most ten bytes; false when there is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ref int position, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70 && position < source.Length; shift += 7)
        {
            byte next = source[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
