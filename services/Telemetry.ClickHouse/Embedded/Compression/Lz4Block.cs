namespace Telemetry.ClickHouse.Embedded.Compression;

/// <summary>Decompresses one LZ4 block (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md). Every length is checked.</summary>
internal static class Lz4Block
{
    /// <summary>A byte of a block stands for at most so many.</summary>
    internal const long LargestGrowth = 255;

    private const int MinMatch = 4;

    /// <exception cref="InvalidDataException">The block is damaged or does not give exactly <paramref name="target"/>'s length.</exception>
    internal static void Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int read = 0;
        int written = 0;
        while (true)
        {
            byte token = Take(source, ref read);
            int literals = Length(token >> 4, source, ref read);
            if (literals > source.Length - read || literals > target.Length - written)
            {
                throw new InvalidDataException("A run of literals of an LZ4 block goes beyond its end.");
            }

            source.Slice(read, literals).CopyTo(target[written..]);
            read += literals;
            written += literals;
            if (read == source.Length)
            {
                break;
            }

            int offset = Take(source, ref read) | (Take(source, ref read) << 8);
            int match = Length(token & 15, source, ref read) + MinMatch;
            Copy(target, written, offset, match);
            written += match;
        }

        if (written != target.Length)
        {
            throw new InvalidDataException($"An LZ4 block gives {written} bytes where {target.Length} are announced.");
        }
    }

    private static void Copy(Span<byte> target, int written, int offset, int length)
    {
        if (offset == 0 || offset > written || length > target.Length - written)
        {
            throw new InvalidDataException("A match of an LZ4 block lies outside its data.");
        }

        for (int i = 0; i < length; i++)
        {
            target[written + i] = target[written - offset + i];
        }
    }

    private static int Length(int nibble, ReadOnlySpan<byte> source, ref int read)
    {
        int length = nibble;
        if (nibble == 15)
        {
            byte more;
            do
            {
                more = Take(source, ref read);
                length = checked(length + more);
            }
            while (more == 255);
        }

        return length;
    }

    private static byte Take(ReadOnlySpan<byte> source, ref int read) => read < source.Length
        ? source[read++]
        : throw new InvalidDataException("An LZ4 block breaks off.");
}
