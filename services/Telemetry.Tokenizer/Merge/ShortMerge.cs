using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Telemetry.Tokenizer.Ranks;

namespace Telemetry.Tokenizer.Merge;

/// <summary>
/// Byte-pair encoding of one short piece: again and again the adjacent pair of the smallest rank, the leftmost of equals, becomes one part. The rank of
/// each part with its successor stands at the part's first byte together with that position, so that the smallest number says both.
/// </summary>
internal static class ShortMerge
{
    /// <summary>Bytes of the longest piece.</summary>
    public const int Limit = 128;

    private const int PositionBits = 7;
    private const uint Position = Limit - 1;
    private const uint NoPair = uint.MaxValue;

    /// <summary>How many tokens a piece has; where asked for, appends them.</summary>
    [SkipLocalsInit]
    public static int Run(RankTable ranks, ReadOnlySpan<byte> text, int start, int length, List<int>? tokens, ref Work work)
    {
        Span<uint> pairs = stackalloc uint[Limit];
        Span<byte> next = stackalloc byte[Limit];
        Span<byte> previous = stackalloc byte[Limit];
        pairs = pairs[..((length + Vector256<uint>.Count - 1) / Vector256<uint>.Count * Vector256<uint>.Count)];
        pairs[^Vector256<uint>.Count..].Fill(NoPair);
        ReadOnlySpan<byte> piece = text.Slice(start, length);
        for (int i = 0; i < piece.Length; i++)
        {
            next[i] = (byte)(i + 1);
            previous[i] = (byte)(i - 1);
            if (i + 1 < piece.Length)
            {
                pairs[i] = Pair(ranks.FindPair(piece[i], piece[i + 1]), i);
            }
        }

        int parts = length;
        for (uint smallest = Smallest(pairs); smallest != NoPair; smallest = Smallest(pairs))
        {
            int left = (int)(smallest & Position);
            int right = next[left];
            int after = next[right];
            next[left] = (byte)after;
            pairs[right] = NoPair;
            parts--;
            if (after < length)
            {
                previous[after] = (byte)left;
                pairs[left] = Pair(ranks.Find(text, start + left, next[after] - left), left);
            }
            else
            {
                pairs[left] = NoPair;
            }

            if (left > 0)
            {
                int before = previous[left];
                pairs[before] = Pair(ranks.Find(text, start + before, after - before), before);
            }
        }

        work.Merges += length - parts;
        work.Groups += (long)(length - parts + 1) * pairs.Length / Vector256<uint>.Count;
        if (tokens is not null)
        {
            for (int i = 0; i < length; i = next[i])
            {
                tokens.Add(ranks.Find(text, start + i, next[i] - i));
            }
        }

        return parts;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Pair(int rank, int position) => rank == RankTable.None ? NoPair : ((uint)rank << PositionBits) | (uint)position;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Smallest(ReadOnlySpan<uint> pairs)
    {
        ref uint first = ref MemoryMarshal.GetReference(pairs);
        Vector256<uint> smallest = Vector256.LoadUnsafe(ref first);
        for (int i = Vector256<uint>.Count; i < pairs.Length; i += Vector256<uint>.Count)
        {
            smallest = Vector256.Min(smallest, Vector256.LoadUnsafe(ref first, (nuint)i));
        }

        return MinTree.Smallest(smallest);
    }
}
