using System.Buffers;
using Telemetry.Tokenizer.Ranks;

namespace Telemetry.Tokenizer.Merge;

/// <summary>Byte-pair encoding of one long piece, in n log n steps: what <see cref="ShortMerge"/> does, with the ranks in a <see cref="MinTree"/>.</summary>
internal static class LongMerge
{
    /// <summary>How many tokens a piece has; where asked for, appends them.</summary>
    public static int Run(RankTable ranks, ReadOnlySpan<byte> text, int start, int length, List<int>? tokens, ref Work work)
    {
        int size = MinTree.Size(length);
        uint[] values = ArrayPool<uint>.Shared.Rent(size);
        int[] links = ArrayPool<int>.Shared.Rent(checked(2 * length));
        try
        {
            return Run(ranks, text, start, values.AsSpan(0, size), links.AsSpan(0, length), links.AsSpan(length, length), tokens, ref work);
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(values);
            ArrayPool<int>.Shared.Return(links);
        }
    }

    private static int Run(
        RankTable ranks, ReadOnlySpan<byte> text, int start, Span<uint> values, Span<int> next, Span<int> previous, List<int>? tokens, ref Work work)
    {
        int length = next.Length;
        ReadOnlySpan<byte> piece = text.Slice(start, length);
        for (int i = 0; i < length; i++)
        {
            next[i] = i + 1;
            previous[i] = i - 1;
            values[i] = i + 1 < length ? Pair(ranks.FindPair(piece[i], piece[i + 1])) : MinTree.Nothing;
        }

        var pairs = new MinTree(values, stackalloc int[MinTree.MostLevels], length);
        int parts = length;
        for (int left = pairs.FindSmallest(); left >= 0; left = pairs.FindSmallest())
        {
            int right = next[left];
            int after = next[right];
            next[left] = after;
            parts--;
            work.Groups += pairs.Set(right, MinTree.Nothing);
            if (after < length)
            {
                previous[after] = left;
                work.Groups += pairs.Set(left, Pair(ranks.Find(text, start + left, next[after] - left)));
            }
            else
            {
                work.Groups += pairs.Set(left, MinTree.Nothing);
            }

            if (left > 0)
            {
                int before = previous[left];
                work.Groups += pairs.Set(before, Pair(ranks.Find(text, start + before, after - before)));
            }
        }

        work.Merges += length - parts;
        if (tokens is not null)
        {
            for (int i = 0; i < length; i = next[i])
            {
                tokens.Add(ranks.Find(text, start + i, next[i] - i));
            }
        }

        return parts;
    }

    private static uint Pair(int rank) => rank == RankTable.None ? MinTree.Nothing : (uint)rank;
}
