using System.Numerics;

namespace Telemetry.Tokenizer.Split;

/// <summary>
/// cl100k_base: <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal readonly struct Cl100kSplitter : ISplitter
{
    private const int Symbols = CodePoints.Mark | CodePoints.Other;

    /// <inheritdoc/>
    public static int Next(ReadOnlySpan<byte> text, int start, ref Work work)
    {
        int found = CodePoints.ClassAt(text, start, out int size);
        int afterFirst = start + size;
        if ((found & CodePoints.Letter) != 0)
        {
            return Letters(text, afterFirst);
        }

        if ((found & CodePoints.Number) != 0)
        {
            return Runs.Numbers(text, afterFirst);
        }

        if (text[start] == '\'' && Runs.Contraction(text, start) is var end && end > start)
        {
            return end;
        }

        if ((found & CodePoints.LineBreak) == 0 && Letters(text, afterFirst) is var word && word > afterFirst)
        {
            return word;
        }

        if ((found & Symbols) != 0)
        {
            return AfterSymbols(text, afterFirst);
        }

        if (text[start] == ' ' && Runs.End(text, afterFirst, Symbols) is var symbols && symbols > afterFirst)
        {
            return AfterSymbols(text, symbols);
        }

        return Runs.WhiteSpace(text, start, ref work);
    }

    private static int Letters(ReadOnlySpan<byte> text, int start)
    {
        int at = start;
        if (at + Runs.Window <= text.Length)
        {
            int letters = BitOperations.TrailingZeroCount(~Runs.AsciiLetters(text, at));
            at += letters;
            if (letters < Runs.Window && text[at] < 0x80)
            {
                return at;
            }
        }

        return Runs.End(text, at, CodePoints.Letter);
    }

    private static int AfterSymbols(ReadOnlySpan<byte> text, int start)
    {
        int at = Runs.End(text, start, Symbols);
        while (at < text.Length && text[at] is (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at;
    }
}
