using System.Text;

namespace Telemetry.Processor.Screen.Text;

/// <summary>What a text is clearly written in.</summary>
internal enum Language : byte
{
    Unknown,
    English,
    German,
    French,
    Spanish,
    Italian,
    Portuguese,
    Dutch,
    Cyrillic,
    Greek,
    Hebrew,
    Arabic,
    Devanagari,
    Thai,
    Hangul,
    Japanese,
    Chinese,
}

/// <summary>Tells the script of a text, and the language of one in Latin letters by words that only one of seven languages has often. Says nothing when in doubt.</summary>
internal sealed class LanguageGuess
{
    /// <summary>Shorter texts are of no language.</summary>
    public const int FewestBytes = 80;

    private const int FewestLetters = 40;
    private const int FewestWords = 8;
    private const int LongestWord = 8;

    private static readonly string[] Names = [.. Enum.GetNames<Language>().Select(n => n.ToLowerInvariant())];
    private static readonly string[][] Pairs = [.. Names.Select(asked => Names.Select(answered => $"{asked}:{answered}").ToArray())];

    // Words of up to eight bytes, as one number each.
    private static readonly Dictionary<ulong, Language> Words = Read(
        (Language.English, "the and of is that you with for this are have not what which would from they can"),
        (Language.German, "der und ist nicht ich das ein eine zu den mit für auf sich auch wird sind bei oder wie"),
        (Language.French, "les est des une dans pour pas que vous qui sur avec ce sont mais nous cette être aux du"),
        (Language.Spanish, "los las por una para el con es del pero más está este como muy sus hay ser y"),
        (Language.Italian, "il di che è gli della sono nel anche più questo alla delle dei ha ma come per non si"),
        (Language.Portuguese, "não uma com você os mais são como dos ao também está isso seu pela pelo muito ou em um"),
        (Language.Dutch, "het een van niet dat zijn op voor met aan ook maar deze wordt naar bij kan heeft"));

    private readonly int[] _scripts = new int[Names.Length];
    private readonly int[] _words = new int[Names.Length];

    /// <summary>The two languages as evidence.</summary>
    public static string NameOf(Language asked, Language answered) => Pairs[(int)asked][(int)answered];

    /// <summary>The language of a folded text.</summary>
    public Language Of(ReadOnlySpan<byte> text)
    {
        Array.Clear(_scripts);
        Array.Clear(_words);
        int letters = 0;
        int latin = 0;
        int word = 0;
        ulong letterBytes = 0;
        for (int at = 0; at < text.Length;)
        {
            int used = 1;
            byte b = text[at];
            bool isLetter = (uint)((b | 0x20) - 'a') <= 'z' - 'a';
            if (isLetter)
            {
                // Most of most texts.
                latin++;
                word++;
                letterBytes = (letterBytes << 8) | b;
            }
            else if (b >= 0x80)
            {
                Rune.DecodeFromUtf8(text[at..], out Rune rune, out used);
                isLetter = Rune.IsLetter(rune);
                if (isLetter)
                {
                    letters++;
                    _scripts[(int)ScriptOf(rune.Value)]++;
                    for (int i = 0; i < used; i++, word++)
                    {
                        letterBytes = (letterBytes << 8) | text[at + i];
                    }
                }
            }

            at += used;
            if ((!isLetter || at >= text.Length) && word > 0)
            {
                Count(word, letterBytes);
                word = 0;
                letterBytes = 0;
            }
        }

        letters += latin;
        _scripts[(int)Language.English] += latin;
        return letters < FewestLetters ? Language.Unknown : Clear(letters);
    }

    private void Count(int length, ulong letters)
    {
        if (length <= LongestWord && Words.TryGetValue(letters, out Language language))
        {
            _words[(int)language]++;
        }
    }

    // English stands for Latin letters among the scripts.
    private Language Clear(int letters)
    {
        // Japanese has Chinese characters among its own.
        if (_scripts[(int)Language.Japanese] * 5 >= letters)
        {
            return (_scripts[(int)Language.Japanese] + _scripts[(int)Language.Chinese]) * 5 >= letters * 4 ? Language.Japanese : Language.Unknown;
        }

        for (Language script = Language.Cyrillic; script <= Language.Chinese; script++)
        {
            if (_scripts[(int)script] * 5 >= letters * 4)
            {
                return script;
            }
        }

        return _scripts[(int)Language.English] * 5 >= letters * 4 ? ByWords() : Language.Unknown;
    }

    private Language ByWords()
    {
        int best = (int)Language.English;
        int second = 0;
        for (int language = (int)Language.English + 1; language <= (int)Language.Dutch; language++)
        {
            (best, second) = _words[language] > _words[best] ? (language, _words[best]) : (best, Math.Max(second, _words[language]));
        }

        return _words[best] >= FewestWords && _words[best] >= 3 * second ? (Language)best : Language.Unknown;
    }

    private static Language ScriptOf(int c) => c switch
    {
        < 0x250 => Language.English,
        >= 0x370 and < 0x400 => Language.Greek,
        >= 0x400 and < 0x530 => Language.Cyrillic,
        >= 0x590 and < 0x600 => Language.Hebrew,
        >= 0x600 and < 0x780 => Language.Arabic,
        >= 0x900 and < 0x980 => Language.Devanagari,
        >= 0xE00 and < 0xE80 => Language.Thai,
        >= 0x3040 and < 0x3100 => Language.Japanese,
        >= 0x3400 and < 0xA000 => Language.Chinese,
        >= 0xAC00 and < 0xD7B0 => Language.Hangul,
        _ => Language.Unknown,
    };

    private static Dictionary<ulong, Language> Read(params (Language Language, string Words)[] lists)
    {
        var all = new Dictionary<ulong, Language>();
        var shared = new HashSet<ulong>();
        foreach ((Language language, string words) in lists)
        {
            foreach (string word in words.Split(' '))
            {
                ulong letters = Encoding.UTF8.GetBytes(word).Aggregate(0UL, (sum, b) => (sum << 8) | b);
                if (!all.TryAdd(letters, language))
                {
                    shared.Add(letters);
                }
            }
        }

        // A word that two languages have tells none.
        foreach (ulong word in shared)
        {
            all.Remove(word);
        }

        return all;
    }
}
