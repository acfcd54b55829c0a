using System.Numerics;

namespace Telemetry.Tokenizer.Split;

/// <summary>
/// o200k_base, with <c>A = [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c> and <c>B = [\p{Ll}\p{Lm}\p{Lo}\p{M}]</c>:
/// <c>[^\r\n\p{L}\p{N}]?A*B+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?A+B*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal readonly struct O200kSplitter : ISplitter
{
    private const int Head = CodePoints.Upper | CodePoints.Uncased | CodePoints.Mark;
    private const int Tail = CodePoints.Lower | CodePoints.Uncased | CodePoints.Mark;
    private const int Symbols = CodePoints.Mark | CodePoints.Other;

    /// <inheritdoc/>
    public static int Next(ReadOnlySpan<byte> text, int start, ref Work work)
    {
        int found = CodePoints.ClassAt(text, start, out int size);
        int afterFirst = start + size;
        if ((found & CodePoints.Number) != 0)
        {
            return Runs.Numbers(text, afterFirst);
        }

        if ((found & CodePoints.LineBreak) != 0)
        {
            return Runs.WhiteSpace(text, start, ref work);
        }

        // A mark is of both A and B: it is the word's first letter rather than what stands before it, with the same end.
        int word = (found & (CodePoints.Letter | CodePoints.Mark)) != 0 ? start : afterFirst;
        int end = Word(text, word, ref work);
        if (end > word)
        {
            return end;
        }

        if ((found & CodePoints.Other) != 0)
        {
            return AfterSymbols(text, afterFirst);
        }

        if (text[start] == ' ' && Runs.End(text, afterFirst, Symbols) is var symbols && symbols > afterFirst)
        {
            return AfterSymbols(text, symbols);
        }

        return Runs.WhiteSpace(text, start, ref work);
    }

    // A*B+ or else A+B*, and what may follow it; the start where there is neither.
    private static int Word(ReadOnlySpan<byte> text, int start, ref Work work)
    {
        if (start + Runs.Window <= text.Length)
        {
            (uint upper, uint lower) = Runs.AsciiCased(text, start);
            int head = BitOperations.TrailingZeroCount(~upper);
            int length = head + BitOperations.TrailingZeroCount(~(lower >> head));
            if (length < Runs.Window && text[start + length] < 0x80)
            {
                return length == 0 ? start : Runs.Contraction(text, start + length);
            }
        }

        return WideWord(text, start, ref work);
    }

    private static int WideWord(ReadOnlySpan<byte> text, int start, ref Work work)
    {
        int at = start;
        int afterTail = -1;
        while (at < text.Length)
        {
            int found = CodePoints.ClassAt(text, at, out int size);
            if ((found & Head) == 0)
            {
                if ((found & CodePoints.Lower) != 0)
                {
                    return Runs.Contraction(text, Runs.End(text, at + size, Tail));
                }

                break;
            }

            at += size;
            afterTail = (found & Tail) != 0 ? at : afterTail;
        }

        // No lower-case letter ends the run of A: it gives back to B up to the last of it that is of both; if none is, it is A+ alone.
        if (afterTail >= 0)
        {
            work.ReadAhead += at - afterTail;
            at = afterTail;
        }

        return at > start ? Runs.Contraction(text, at) : start;
    }

    private static int AfterSymbols(ReadOnlySpan<byte> text, int start)
    {
        int at = Runs.End(text, start, Symbols);
        while (at < text.Length && text[at] is (byte)'\r' or (byte)'\n' or (byte)'/')
        {
            at++;
        }

        return at;
    }
}
