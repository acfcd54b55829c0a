using System.Text;

namespace Telemetry.Screening.Scan;

/// <summary>
/// Words that stand before a number and tell what it is. Numbers without a checksum, or with a weak one, are found only in their company. ASCII capitals do
/// not matter; other letters must match as they are.
/// </summary>
internal sealed class Context
{
    private const int Farthest = 40;

    private readonly int _reach;
    private readonly (byte[] Text, bool IsStem)[] _words;

    /// <summary>Takes the words, in lower case; one with a star at its end is the beginning of words.</summary>
    public Context(params string[] words)
        : this(Farthest, words)
    {
    }

    /// <summary>The same with a shorter reach.</summary>
    public Context(int reach, params string[] words) => (_reach, _words) = (reach, [.. words.Select(w => (Encoding.UTF8.GetBytes(w.TrimEnd('*')), w.EndsWith('*')))]);

    /// <summary>Whether one of the words stands within 40 bytes, or the shorter reach, before the offset on the same line.</summary>
    public bool IsBefore(ReadOnlySpan<byte> text, int offset)
    {
        ReadOnlySpan<byte> before = text[Math.Max(0, offset - _reach)..offset];
        before = before[(before.LastIndexOf((byte)'\n') + 1)..];
        Span<byte> lower = stackalloc byte[Farthest];
        for (int i = 0; i < before.Length; i++)
        {
            lower[i] = Characters.IsUpper(before[i]) ? (byte)(before[i] | 0x20) : before[i];
        }

        foreach ((byte[] word, bool isStem) in _words)
        {
            if (Contains(lower[..before.Length], word, isStem))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Contains(ReadOnlySpan<byte> text, byte[] word, bool isStem)
    {
        int from = 0;
        while (text[from..].IndexOf(word) is >= 0 and int step)
        {
            int at = from + step;
            bool begins = at == 0 || !Characters.IsLetter(text[at - 1]) || !Characters.IsLetter(word[0]);
            if (begins && (isStem || !Characters.IsLetter(Characters.At(text, at + word.Length))))
            {
                return true;
            }

            from = at + 1;
        }

        return false;
    }
}
