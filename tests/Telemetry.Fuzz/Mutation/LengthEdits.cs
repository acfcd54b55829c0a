namespace Telemetry.Fuzz.Mutation;

/// <summary>Changes of texts that have their length before them, as names and types have in ClickHouse's Native format.</summary>
internal static class LengthEdits
{
    private const int Longest = 120;

    /// <summary>Makes one change behind the control bytes; false when no such text is found.</summary>
    public static bool TryApply(Draft draft, int from, FuzzRandom random, IReadOnlyList<byte[]> words)
    {
        if (!TryFind(draft.Bytes, from, random, out int at))
        {
            return false;
        }

        int length = draft.Bytes[at];
        Span<byte> varint = stackalloc byte[Varint.Longest];
        switch (random.Next(6))
        {
            case 0:
                draft.Replace(at, 1, Varint.Write(varint, ByteEdits.Number(random)));
                break;
            case 1:
                draft.Replace(at, 1, Varint.Write(varint, (ulong)length, 1 + random.Next(10)));
                break;
            case 2 when words.Count > 0:
                SetText(draft, at, length, random.Pick(words));
                break;
            case 3:
                Insert(draft, at, at + 1 + random.Next(length + 1), length, words.Count > 0 ? random.Pick(words) : "("u8);
                break;
            case 4:
                Repeat(draft, at, length, random);
                break;
            default:
                draft.Bytes[at + 1 + random.Next(length)] = (byte)random.Next(128);
                break;
        }

        return true;
    }

    private static bool TryFind(ReadOnlySpan<byte> bytes, int from, FuzzRandom random, out int at)
    {
        int length = bytes.Length - from;
        int first = length > 0 ? random.Next(length) : 0;
        for (int i = 0; i < length; i++)
        {
            at = from + ((first + i) % length);
            int text = bytes[at];
            if (text is > 1 and <= Longest && at + 1 + text <= bytes.Length && !bytes.Slice(at + 1, text).ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            {
                return true;
            }
        }

        at = 0;
        return false;
    }

    private static void SetText(Draft draft, int at, int length, ReadOnlySpan<byte> text)
    {
        Span<byte> varint = stackalloc byte[Varint.Longest];
        draft.Replace(at + 1, length, text);
        draft.Replace(at, 1, Varint.Write(varint, (ulong)text.Length));
    }

    private static void Insert(Draft draft, int at, int position, int length, ReadOnlySpan<byte> text)
    {
        Span<byte> varint = stackalloc byte[Varint.Longest];
        draft.Replace(position, 0, text);
        draft.Replace(at, 1, Varint.Write(varint, (ulong)(length + text.Length)));
    }

    // A part of the text many times over: nesting and lists without end.
    private static void Repeat(Draft draft, int at, int length, FuzzRandom random)
    {
        int start = random.Next(length);
        int part = 1 + random.Next(length - start);
        ReadOnlySpan<byte> repeated = draft.Copy(at + 1 + start, part);
        int grown = 0;
        for (int times = 1 << random.Next(8); times > 0 && draft.Replace(at + 1 + start, 0, repeated); times--)
        {
            grown += part;
        }

        Span<byte> varint = stackalloc byte[Varint.Longest];
        draft.Replace(at, 1, Varint.Write(varint, (ulong)(length + grown)));
    }
}
