using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Telemetry.Tokenizer.Ranks;

/// <summary>
/// The tokens of one encoding by rank, and their ranks by bytes. Tokens of up to eight bytes are found through the bytes themselves as a number, in an
/// open-addressing table whose keys lie apart from the ranks and from one-byte tags, so that a mere "is there" and a miss touch one cache line; longer ones
/// through a hash. Immutable after construction.
/// </summary>
internal sealed class RankTable
{
    /// <summary>No token has these bytes. Larger than every rank.</summary>
    public const int None = int.MaxValue;

    /// <summary>Ranks lie below this, so that a rank and a small position fit one 32-bit number.</summary>
    public const int Limit = 1 << 24;

    private const int BytesOfLong = sizeof(ulong);
    private const int BitsOfByte = 8;
    private const int BitsOfLong = 64;
    private const int LengthShift = 56;
    private const ulong Odd1 = 0x9E3779B97F4A7C15;
    private const ulong Odd2 = 0xC2B2AE3D27D4EB4F;

    private readonly byte[] _bytes;
    private readonly int[] _offsets;
    private readonly int[] _pairs = new int[1 << 16];
    private readonly ulong[] _shortKeys;
    private readonly byte[] _shortTags;
    private readonly int[] _shortRanks;
    private readonly int _shortShift;
    private readonly uint[] _longTags;
    private readonly int[] _longRanks;
    private readonly int _longShift;

    /// <param name="table">For each token in rank order, one byte with its length and its bytes.</param>
    public RankTable(byte[] table)
    {
        _bytes = table;
        (_offsets, int longTokens) = Index(table);
        if (Count >= Limit)
        {
            throw new InvalidOperationException($"{Count} tokens are more than the merger is made for");
        }

        _shortShift = BitsOfLong - Bits(Count - longTokens);
        _shortKeys = new ulong[1 << (BitsOfLong - _shortShift)];
        _shortTags = new byte[_shortKeys.Length];
        _shortRanks = new int[_shortKeys.Length];
        _longShift = BitsOfLong - Bits(longTokens);
        _longTags = new uint[1 << (BitsOfLong - _longShift)];
        _longRanks = new int[_longTags.Length];
        Array.Fill(_pairs, None);
        for (int rank = 0; rank < Count; rank++)
        {
            Add(rank);
        }
    }

    /// <summary>How many tokens there are; their ranks are 0 to this, exclusive.</summary>
    public int Count => _offsets.Length - 1;

    /// <summary>Bytes of the longest token.</summary>
    public int LongestToken { get; private set; }

    /// <summary>The bytes of a token.</summary>
    public ReadOnlySpan<byte> Bytes(int rank)
    {
        int start = _offsets[rank];
        return _bytes.AsSpan(start, _offsets[rank + 1] - start - 1);
    }

    /// <summary>The rank of two bytes, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindPair(byte first, byte second) => _pairs[first | (second << 8)];

    /// <summary>The rank of <paramref name="length"/> bytes of the text, at least one, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> text, int start, int length)
    {
        if (length > BytesOfLong || !TryPack(text, start, length, out ulong key))
        {
            return FindLong(text.Slice(start, length));
        }

        // Most pairs that a merge asks for are no token: one byte of a small table says so.
        byte[] tags = _shortTags;
        ulong hash = key * Odd1;
        byte tag = Tag(hash);
        for (int slot = (int)(hash >> _shortShift); (uint)slot < (uint)tags.Length; slot = (slot + 1) & (tags.Length - 1))
        {
            if (tags[slot] == tag && _shortKeys[slot] == key)
            {
                return _shortRanks[slot];
            }

            if (tags[slot] == 0)
            {
                break;
            }
        }

        return None;
    }

    /// <summary>Whether some bytes of the text, at least one, are a token.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(ReadOnlySpan<byte> text, int start, int length)
    {
        if (length > BytesOfLong || !TryPack(text, start, length, out ulong key))
        {
            return FindLong(text.Slice(start, length)) != None;
        }

        ulong[] keys = _shortKeys;
        for (int slot = (int)((key * Odd1) >> _shortShift); (uint)slot < (uint)keys.Length; slot = (slot + 1) & (keys.Length - 1))
        {
            if (keys[slot] == key)
            {
                return true;
            }

            if (keys[slot] == 0)
            {
                break;
            }
        }

        return false;
    }

    // Up to eight bytes as a number that no other bytes give and that is never 0: fewer than eight carry their length in the highest byte. Eight bytes of
    // which the last could be taken for such a length are not packed but found as a long token.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryPack(ReadOnlySpan<byte> text, int start, int length, out ulong key)
    {
        ulong bytes = start + BytesOfLong <= text.Length ? BinaryPrimitives.ReadUInt64LittleEndian(text[start..]) : ReadLast(text, start);
        if (length == BytesOfLong)
        {
            key = bytes;
            return bytes >> LengthShift >= BytesOfLong;
        }

        key = (bytes & ((1UL << (length * BitsOfByte)) - 1)) | ((ulong)length << LengthShift);
        return true;
    }

    // Never 0, which is an empty slot's, and of other bits than the slot.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Tag(ulong hash)
    {
        const int BitsBelowAnySlot = 20;
        return (byte)((hash >> BitsBelowAnySlot) | 1);
    }

    private static ulong ReadLast(ReadOnlySpan<byte> text, int start)
    {
        ulong bytes = 0;
        for (int i = text.Length - 1; i >= start; i--)
        {
            bytes = (bytes << BitsOfByte) | text[i];
        }

        return bytes;
    }

    private static ulong Hash(ReadOnlySpan<byte> token)
    {
        ulong hash = (ulong)token.Length * Odd2;
        while (token.Length > BytesOfLong)
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(token)) * Odd1, 29);
            token = token[BytesOfLong..];
        }

        return (hash ^ ReadLast(token, 0)) * Odd2;
    }

    private static (int[] Offsets, int LongTokens) Index(byte[] table)
    {
        var offsets = new List<int>(table.Length / BytesOfLong);
        int longTokens = 0;
        int at = 0;
        while (at < table.Length)
        {
            offsets.Add(at + 1);
            longTokens += table[at] > BytesOfLong ? 1 : 0;
            at += table[at] + 1;
        }

        offsets.Add(at + 1);
        return ([.. offsets], longTokens);
    }

    // At most half of the slots are taken.
    private static int Bits(int tokens) => BitOperations.Log2((uint)tokens + 1) + 2;

    private int FindLong(ReadOnlySpan<byte> token)
    {
        if (token.Length > LongestToken)
        {
            return None;
        }

        ulong hash = Hash(token);
        uint tag = (uint)hash | 1;
        uint[] tags = _longTags;
        for (int slot = (int)(hash >> _longShift); tags[slot] != 0; slot = (slot + 1) & (tags.Length - 1))
        {
            if (tags[slot] == tag && Bytes(_longRanks[slot]).SequenceEqual(token))
            {
                return _longRanks[slot];
            }
        }

        return None;
    }

    private void Add(int rank)
    {
        ReadOnlySpan<byte> token = Bytes(rank);
        LongestToken = Math.Max(LongestToken, token.Length);
        if (token.Length == 2)
        {
            _pairs[token[0] | (token[1] << 8)] = rank;
        }

        if (token.Length <= BytesOfLong && TryPack(token, 0, token.Length, out ulong key))
        {
            ulong hash = key * Odd1;
            int slot = (int)(hash >> _shortShift);
            while (_shortKeys[slot] != 0)
            {
                slot = (slot + 1) & (_shortKeys.Length - 1);
            }

            _shortKeys[slot] = key;
            _shortTags[slot] = Tag(hash);
            _shortRanks[slot] = rank;
        }
        else
        {
            ulong hash = Hash(token);
            int slot = (int)(hash >> _longShift);
            while (_longTags[slot] != 0)
            {
                slot = (slot + 1) & (_longTags.Length - 1);
            }

            _longTags[slot] = (uint)hash | 1;
            _longRanks[slot] = rank;
        }
    }
}
