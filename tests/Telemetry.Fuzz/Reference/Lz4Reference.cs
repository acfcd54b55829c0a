namespace Telemetry.Fuzz.Reference;

/// <summary>The LZ4 block format in its plainest reading, against which the product's is held; and blocks to start from.</summary>
internal static class Lz4Reference
{
    private const int MinMatch = 4;

    /// <summary>The plain bytes; null when the block is damaged or gives more than a number of bytes.</summary>
    public static byte[]? Unpack(ReadOnlySpan<byte> block, int most)
    {
        var plain = new List<byte>();
        int at = 0;
        while (at < block.Length)
        {
            byte token = block[at++];
            if (!TryLength(token >> 4, block, ref at, out long literals) || literals > block.Length - at || plain.Count + literals > most)
            {
                return null;
            }

            for (long i = 0; i < literals; i++)
            {
                plain.Add(block[at++]);
            }

            if (at == block.Length)
            {
                return [.. plain];
            }

            if (block.Length - at < 2)
            {
                return null;
            }

            int offset = block[at++] | (block[at++] << 8);
            if (!TryLength(token & 15, block, ref at, out long match) || offset == 0 || offset > plain.Count || plain.Count + match + MinMatch > most)
            {
                return null;
            }

            for (long i = 0; i < match + MinMatch; i++)
            {
                plain.Add(plain[^offset]);
            }
        }

        // The last sequence has literals only, so a block never ends behind a match.
        return null;
    }

    /// <summary>A block of some literals, then a match that repeats the last of them, then literals again.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> literals, int offset, int match, ReadOnlySpan<byte> rest) =>
        [.. Sequence(literals, match), (byte)offset, (byte)(offset >> 8), .. More(match - MinMatch), .. Sequence(rest, MinMatch)];

    private static byte[] Sequence(ReadOnlySpan<byte> literals, int match) =>
        [(byte)((Math.Min(15, literals.Length) << 4) | Math.Min(15, match - MinMatch)), .. More(literals.Length), .. literals];

    private static IEnumerable<byte> More(int length)
    {
        if (length < 15)
        {
            yield break;
        }

        for (length -= 15; length >= 255; length -= 255)
        {
            yield return 255;
        }

        yield return (byte)length;
    }

    private static bool TryLength(int nibble, ReadOnlySpan<byte> block, ref int at, out long length)
    {
        length = nibble;
        for (bool more = nibble == 15; more;)
        {
            if (at >= block.Length)
            {
                return false;
            }

            length += block[at];
            more = block[at++] == 255;
        }

        return true;
    }
}
