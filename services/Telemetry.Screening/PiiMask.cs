namespace Telemetry.Screening;

/// <summary>What stands in the place of data that was taken out: <c>[PII:EMAIL]</c>, or <c>[PII:EMAIL:</c> and sixteen hexadecimal digits that are the same for the same value.</summary>
public static class PiiMask
{
    /// <summary>Hexadecimal digits of a hash.</summary>
    public const int HashLength = 16;

    /// <summary>Length of the longest mask, with a hash.</summary>
    public const int Longest = 36;

    private static ReadOnlySpan<byte> Prefix => "[PII:"u8;

    /// <summary>Writes a mask and gives its length, <see cref="Longest"/> at most.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="kind">What was taken out.</param>
    /// <param name="hash">Hexadecimal digits of its hash; empty for a mask without.</param>
    public static int Write(Span<byte> output, PiiKind kind, ReadOnlySpan<byte> hash)
    {
        int length = 0;
        Append(output, Prefix, ref length);
        Append(output, kind.Mask(), ref length);
        if (!hash.IsEmpty)
        {
            Append(output, ":"u8, ref length);
            Append(output, hash, ref length);
        }

        Append(output, "]"u8, ref length);
        return length;
    }

    /// <summary>The kinds whose masks stand in a text.</summary>
    public static PiiKinds Kinds(ReadOnlySpan<byte> text)
    {
        var kinds = PiiKinds.None;
        while (text.IndexOf(Prefix) is >= 0 and int at)
        {
            text = text[(at + Prefix.Length)..];
            int end = text[..Math.Min(text.Length, Longest)].IndexOfAny((byte)']', (byte)':');
            for (int kind = 0; end > 0 && kind < PiiNames.All.Count; kind++)
            {
                kinds |= text[..end].SequenceEqual(((PiiKind)kind).Mask()) ? ((PiiKind)kind).Set() : PiiKinds.None;
            }
        }

        return kinds;
    }

    /// <summary>
    /// Writes a value as it is hashed, so that one value written in two ways has one hash: without the escapes of JSON, in small letters (but for secrets), numbers without
    /// what parts their groups. Gives the length; what does not fit is left out.
    /// </summary>
    public static int Normalize(PiiKind kind, ReadOnlySpan<byte> value, Span<byte> output)
    {
        value = value[..Math.Min(value.Length, output.Length)];
        int length = value.Contains((byte)'\\') ? Json.JsonText.Unescape(value, output) : Copy(value, output);
        if (kind == PiiKind.Secret)
        {
            return length;
        }

        bool isNumber = kind is not (PiiKind.Email or PiiKind.IpAddress);
        int kept = 0;
        foreach (byte b in output[..length])
        {
            if (!isNumber || char.IsAsciiLetterOrDigit((char)b))
            {
                output[kept++] = (uint)(b - 'A') <= 25 ? (byte)(b | 0x20) : b;
            }
        }

        return kept;
    }

    private static int Copy(ReadOnlySpan<byte> value, Span<byte> output)
    {
        value.CopyTo(output);
        return value.Length;
    }

    private static void Append(Span<byte> output, ReadOnlySpan<byte> bytes, ref int length)
    {
        bytes.CopyTo(output[length..]);
        length += bytes.Length;
    }
}
