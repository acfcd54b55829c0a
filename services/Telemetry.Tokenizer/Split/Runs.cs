using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Telemetry.Tokenizer.Split;

/// <summary>Parts that the expressions of both encodings have in common. Texts are valid UTF-8.</summary>
internal static class Runs
{
    /// <summary>Bytes that <see cref="AsciiLetters"/> and <see cref="AsciiCased"/> read at once.</summary>
    public const int Window = 16;

    private const byte CaseBit = 0x20;

    /// <summary>The end of the longest run of code points of some classes.</summary>
    public static int End(ReadOnlySpan<byte> text, int start, int classes)
    {
        int at = start;
        while (at < text.Length && (CodePoints.ClassAt(text, at, out int size) & classes) != 0)
        {
            at += size;
        }

        return at;
    }

    /// <summary><c>\p{N}{1,3}</c> whose first code point is known to match.</summary>
    public static int Numbers(ReadOnlySpan<byte> text, int afterFirst)
    {
        int at = afterFirst;
        for (int count = 1; count < 3 && at < text.Length && (CodePoints.ClassAt(text, at, out int size) & CodePoints.Number) != 0; count++)
        {
            at += size;
        }

        return at;
    }

    /// <summary>
    /// <c>\s*[\r\n]+|\s+(?!\S)|\s+</c> at white space: up to the last line break of the run; without one the whole run at the end of the text, otherwise
    /// all but the last of it, which belongs to what follows, unless it is the only one.
    /// </summary>
    public static int WhiteSpace(ReadOnlySpan<byte> text, int start, ref Work work)
    {
        int at = start;
        int last = start;
        int afterBreak = -1;
        while (at < text.Length)
        {
            int found = CodePoints.ClassAt(text, at, out int size);
            if ((found & (CodePoints.Space | CodePoints.LineBreak)) == 0)
            {
                break;
            }

            last = at;
            at += size;
            afterBreak = (found & CodePoints.LineBreak) != 0 ? at : afterBreak;
        }

        if (afterBreak >= 0)
        {
            work.ReadAhead += at - afterBreak;
            return afterBreak;
        }

        return at == text.Length || last == start ? at : last;
    }

    /// <summary><c>(?i:'s|'t|'re|'ve|'m|'ll|'d)?</c>: its end, or the start where there is none. The long s is an s here, as in every Unicode-aware engine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Contraction(ReadOnlySpan<byte> text, int start) =>
        (uint)start < (uint)text.Length && text[start] == '\'' ? AfterApostrophe(text, start) : start;

    /// <summary>Which of the 16 bytes at a place are ASCII letters, the first byte in the lowest bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AsciiLetters(ReadOnlySpan<byte> text, int start) => InAlphabet(Load(text, start) | Vector128.Create(CaseBit));

    /// <summary>Which of the 16 bytes at a place are upper-case and which are lower-case ASCII letters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint Upper, uint Lower) AsciiCased(ReadOnlySpan<byte> text, int start)
    {
        Vector128<byte> bytes = Load(text, start);
        uint lower = InAlphabet(bytes);
        return (InAlphabet(bytes | Vector128.Create(CaseBit)) & ~lower, lower);
    }

    private static Vector128<byte> Load(ReadOnlySpan<byte> text, int start) => Vector128.Create(text.Slice(start, Window));

    private static uint InAlphabet(Vector128<byte> bytes) =>
        Vector128.LessThan(bytes - Vector128.Create((byte)'a'), Vector128.Create((byte)26)).ExtractMostSignificantBits();

    private static int AfterApostrophe(ReadOnlySpan<byte> text, int start)
    {
        ReadOnlySpan<byte> rest = text[(start + 1)..];
        if (rest.IsEmpty)
        {
            return start;
        }

        int first = rest[0] | CaseBit;
        int second = rest.Length > 1 ? rest[1] | CaseBit : 0;
        return (first, second) switch
        {
            ('s' or 't' or 'm' or 'd', _) => start + 2,
            ('r' or 'v', 'e') or ('l', 'l') => start + 3,
            _ when rest.StartsWith("ſ"u8) => start + 3,
            _ => start,
        };
    }
}
