using System.Buffers.Binary;

namespace Telemetry.Fuzz.Mutation;

/// <summary>Changes that need not know what the bytes mean.</summary>
internal static class ByteEdits
{
    private static readonly ulong[] Interesting =
    [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF,
        0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF, 0x3FFF_FFFF, 0x4000_0000, 0x0FFF_FFFF, 0x7FF0_0000_0000_0000, 0x7FF8_0000_0000_0001,
    ];

    /// <summary>A number on the edge of something.</summary>
    public static ulong Number(FuzzRandom random) => random.Next(4) switch
    {
        0 => random.Next64(),
        1 => random.Pick(Interesting) + (ulong)random.Next(9) - 4,
        _ => random.Pick(Interesting),
    };

    /// <summary>Makes one change behind the control bytes.</summary>
    public static void Apply(Draft draft, int from, FuzzRandom random, IReadOnlyList<byte[]> seeds)
    {
        int length = draft.Length - from;
        if (length <= 0)
        {
            draft.Replace(draft.Length, 0, [(byte)random.Next(256)]);
            return;
        }

        int at = from + random.Next(length);
        int run = 1 + random.Next(Math.Min(random.OneIn(4) ? 256 : 8, draft.Length - at));
        switch (random.Next(12))
        {
            case 0:
                draft.Bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                draft.Bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                draft.Bytes[at] = (byte)Number(random);
                break;
            case 3:
                draft.Replace(at, 0, Noise(random, stackalloc byte[1 + random.Next(8)]));
                break;
            case 4:
                draft.Replace(at, run, []);
                break;
            case 5:
                draft.Replace(at, 0, draft.Copy(at, run));
                break;
            case 6:
                Move(draft, from, at, run, random);
                break;
            case 7:
                WriteNumber(draft, at, random);
                break;
            case 8 when random.OneIn(4):
                draft.Truncate(at);
                break;
            case 9 when random.OneIn(16):
                Repeat(draft, at, run, random);
                break;
            case 10:
                Splice(draft, from, at, random, seeds);
                break;
            default:
                draft.Bytes[at] += (byte)(random.Next(9) - 4);
                break;
        }
    }

    private static Span<byte> Noise(FuzzRandom random, Span<byte> bytes)
    {
        foreach (ref byte b in bytes)
        {
            b = (byte)random.Next(256);
        }

        return bytes;
    }

    private static void Move(Draft draft, int from, int at, int run, FuzzRandom random)
    {
        ReadOnlySpan<byte> moved = draft.Copy(at, run);
        int to = from + random.Next(draft.Length - from);
        draft.Replace(to, Math.Min(run, draft.Length - to), moved);
    }

    private static void WriteNumber(Draft draft, int at, FuzzRandom random)
    {
        Span<byte> number = stackalloc byte[8];
        ulong value = Number(random);
        if (random.OneIn(2))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(number, value);
            number = number[(8 - (1 << random.Next(4)))..];
        }

        int width = Math.Min(number.Length, 1 << random.Next(4));
        draft.Replace(at, Math.Min(width, draft.Length - at), number[..width]);
    }

    private static void Repeat(Draft draft, int at, int run, FuzzRandom random)
    {
        ReadOnlySpan<byte> repeated = draft.Copy(at, run);
        for (int times = 1 << random.Next(12); times > 0 && draft.Replace(at, 0, repeated); times--)
        {
        }
    }

    private static void Splice(Draft draft, int from, int at, FuzzRandom random, IReadOnlyList<byte[]> seeds)
    {
        ReadOnlySpan<byte> other = random.Pick(seeds);
        other = other[Math.Min(from, other.Length)..];
        if (other.Length > 0)
        {
            int start = random.Next(other.Length);
            draft.Replace(at, draft.Length - at, other[start..Math.Min(other.Length, start + Draft.Longest - at)]);
        }
    }
}
