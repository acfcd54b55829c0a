using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Telemetry.Tokenizer.Split;

namespace Telemetry.Tokenizer.Merge;

/// <summary>
/// How many tokens pieces have that are not one token and that were merged lately: names, compounds and inflected words come again and again. Each thread
/// has its own for each encoding; a place holds the piece that came last, with all its bytes, so that an answer is never another piece's.
/// </summary>
/// <typeparam name="TSplitter">Stands for the encoding.</typeparam>
internal sealed class PieceCache<TSplitter>
    where TSplitter : struct, ISplitter
{
    /// <summary>Bytes of the longest piece that is kept.</summary>
    public const int Longest = KeyBytes - 1;

    /// <summary>Bytes that are read from the piece's start, whatever its length.</summary>
    public const int KeyBytes = 32;

    private const int Bits = 12;
    private const int Shift = 64 - Bits;

    [ThreadStatic]
    private static PieceCache<TSplitter>? t_own;

    private readonly Vector256<byte>[] _keys = new Vector256<byte>[1 << Bits];
    private readonly byte[] _counts = new byte[1 << Bits];

    /// <summary>The calling thread's cache.</summary>
    public static PieceCache<TSplitter> Own => t_own ??= new PieceCache<TSplitter>();

    // A run of set bytes before one of clear bytes: read from the right place, it keeps the first bytes of a key and clears the others.
    private static ReadOnlySpan<byte> Masks =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <summary>The key of a piece of at most <see cref="Longest"/> bytes that lies <see cref="KeyBytes"/> before the end of the text: its bytes and its length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Key(ReadOnlySpan<byte> text, int start, int length)
    {
        Vector256<byte> bytes = Vector256.Create(text.Slice(start, KeyBytes));
        Vector256<byte> mask = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(Masks), (nuint)(KeyBytes - length));
        return (bytes & mask).WithElement(Longest, (byte)length);
    }

    /// <summary>The place of a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Place(Vector256<byte> key)
    {
        Vector256<ulong> words = key.AsUInt64();
        ulong hash = (words[0] * 0x9E3779B97F4A7C15) ^ BitOperations.RotateLeft(words[1] * 0xC2B2AE3D27D4EB4F, 32) ^ words[2] ^ BitOperations.RotateLeft(words[3], 32);
        return (int)((hash * 0xD6E8FEB86659FD93) >> Shift);
    }

    /// <summary>The count that is kept at a place for a key, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int place, Vector256<byte> key) => _keys[place] == key ? _counts[place] : 0;

    /// <summary>Keeps a count.</summary>
    public void Keep(int place, Vector256<byte> key, int count)
    {
        _keys[place] = key;
        _counts[place] = (byte)count;
    }
}
