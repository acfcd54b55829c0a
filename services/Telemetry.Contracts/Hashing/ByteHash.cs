using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Telemetry.Contracts.Hashing;

/// <summary>
/// A hash of short byte strings for tables in memory: two multiplications for up to 16 bytes and one for each 16 more. Seeded anew in each process, since the
/// bytes come from the network and nobody may choose ones that collide; so it means nothing outside the process.
/// </summary>
/// <remarks>The folded product of two words is the step of wyhash (Wang Yi, public domain). <see cref="HashCode.AddBytes"/> takes four times as long.</remarks>
public static class ByteHash
{
    private const ulong First = 0xA0761D6478BD642F;
    private const ulong Second = 0xE7037ED1A0B428DB;
    private const int Word = sizeof(ulong);
    private const int Block = 2 * Word;

    private static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(Word));

    /// <summary>The hash; equal bytes give equal hashes, never 0, so that 0 can stand for "none".</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        ulong hash = Seed ^ (ulong)bytes.Length;
        ulong low;
        ulong high;
        if (bytes.Length >= Word)
        {
            ReadOnlySpan<byte> rest = bytes;
            for (; rest.Length > Block; rest = rest[Block..])
            {
                hash = Fold(Read(rest) ^ First, Read(rest[Word..]) ^ hash);
            }

            // The last 16 bytes, which may have been read in part; of fewer, the first 8 and the last 8.
            low = Read(bytes[Math.Max(0, bytes.Length - Block)..]);
            high = Read(bytes[(bytes.Length - Word)..]);
        }
        else
        {
            (low, high) = ReadShort(bytes);
        }

        hash = Fold(Fold(low ^ First, high ^ hash), Second ^ (ulong)bytes.Length);
        return hash == 0 ? 1 : hash;
    }

    private static (ulong Low, ulong High) ReadShort(ReadOnlySpan<byte> bytes)
    {
        const int Half = Word / 2;
        if (bytes.Length >= Half)
        {
            return (BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[(bytes.Length - Half)..]));
        }

        return bytes.Length == 0 ? (0, 0) : (bytes[0] | ((ulong)bytes[bytes.Length / 2] << 8), bytes[^1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}
