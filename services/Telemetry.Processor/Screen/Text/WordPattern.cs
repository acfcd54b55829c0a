using System.Text;

namespace Telemetry.Processor.Screen.Text;

/// <summary>A phrase of words, each with alternatives, and gaps of up to three words between them.</summary>
internal sealed class WordPattern
{
    private const int LongestGap = 3;

    // Null is a gap.
    private readonly byte[][]?[] _words;

    private WordPattern(byte[][]?[] words) => _words = words;

    /// <summary>Reads a phrase: <c>|</c> parts alternatives, <c>*</c> is a gap.</summary>
    public static WordPattern Parse(string phrase) =>
        new([.. phrase.Split(' ').Select(w => w == "*" ? null : w.Split('|').Select(Encoding.UTF8.GetBytes).ToArray())]);

    /// <summary>What its first word may be.</summary>
    public byte[][] First => _words[0]!;

    /// <summary>Whether the phrase goes on behind its first word, which ends at an offset.</summary>
    public bool GoesOn(ReadOnlySpan<byte> text, int at) => Follows(text, at, 1);

    /// <summary>Where a word ends that begins at an offset.</summary>
    public static int EndOfWord(ReadOnlySpan<byte> text, int at)
    {
        int limit = Math.Min(text.Length, at + 32);
        while (at < limit && !IsEdge(text, at))
        {
            at++;
        }

        return at;
    }

    /// <summary>Whether no word stands at an offset.</summary>
    public static bool IsEdge(ReadOnlySpan<byte> text, int at) =>
        (uint)at >= (uint)text.Length || (text[at] < 0x80 && !char.IsAsciiLetterOrDigit((char)text[at]) && text[at] is not ((byte)'\'' or (byte)'_'));

    private bool Follows(ReadOnlySpan<byte> text, int at, int word)
    {
        if (word == _words.Length)
        {
            return true;
        }

        int gap = _words[word] is null ? LongestGap : 0;
        int wanted = gap > 0 ? word + 1 : word;
        for (int skipped = 0; skipped <= gap; skipped++)
        {
            int start = SkipSpaces(text, at);
            if (start == text.Length)
            {
                return false;
            }

            int end = EndOfWord(text, start);
            if (IsOneOf(text[start..end], _words[wanted]!) && Follows(text, end, wanted + 1))
            {
                return true;
            }

            at = end;
        }

        return false;
    }

    private static bool IsOneOf(ReadOnlySpan<byte> word, byte[][] alternatives)
    {
        foreach (byte[] alternative in alternatives)
        {
            if (word.SequenceEqual(alternative))
            {
                return true;
            }
        }

        return false;
    }

    // Signs between words do not part them.
    private static int SkipSpaces(ReadOnlySpan<byte> text, int at)
    {
        int limit = Math.Min(text.Length, at + 8);
        while (at < limit && IsEdge(text, at))
        {
            at++;
        }

        return at == limit && limit < text.Length && IsEdge(text, at) ? text.Length : at;
    }
}
