using System.Globalization;
using System.Text;

namespace Telemetry.Tokenizer.Tests.Text;

/// <summary>Seeded text of every kind that a model is sent: prose in many scripts, code, JSON, emoji, numbers, white space and plain noise.</summary>
internal sealed class MixedText(int seed)
{
    private const string Base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private static readonly string[][] Scripts =
    [
        Words("the quick brown fox jumps over lazy dog of and to in is was for with that from this have which their would people Government international "
            + "don't I'm we've they'll it's you're he'd SHE'S CAN'T Don’t I’d let's'em rock'n'roll O'Reilly McDonald's iPhone eBay NASA's HTTPServer's"),
        Words("über die Straße fährt größer Übergrößenträger œuvre naïve façade coöperate señor mañana İstanbul ığdır ŁÓDŹ źdźbło Příliš žluťoučký kůň crème brûlée"),
        Words("Съешь же ещё этих мягких французских булок да выпей чаю Москва ПРИВЕТ Їжак Ґанок Ђорђе Қазақстан Өмір"),
        Words("Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία Ελλάδα ΑΘΗΝΑ Ὀδυσσεύς ῥήτωρ ᾼ ᾳ"),
        Words("مرحبا بالعالم السلام عليكم كيف حالك الْحَمْدُ لِلَّهِ پاکستان ۱۲۳ ١٢٣٤"),
        Words("שלום עולם בְּרֵאשִׁית בָּרָא אֱלֹהִים צה״ל ג׳ירפה"),
        Words("नमस्ते दुनिया हिन्दी विश्वविद्यालय क्षत्रिय ज्ञान १२३४५ বাংলা ভাষা தமிழ் తెలుగు ಕನ್ನಡ"),
        Words("สวัสดีชาวโลก ภาษาไทย กรุงเทพมหานคร น้ำ ๑๒๓๔ ລາວ ភាសាខ្មែរ မြန်မာ"),
        Words("你好 世界 人工智能 的 是 在 我们 機器學習 中華人民共和國 这是一个测试 ， 。 「引用」 ３４５ 一二三"),
        Words("こんにちは 世界 カタカナ ﾊﾝｶｸ 東京都 ありがとうございます です。 ー々〆"),
        Words("안녕하세요 세계 대한민국 한국어 인공지능 ㄱㄴㄷ ᄒᆞᆫ글"),
        Words("e\u0301clair n\u0303o Z\u0351\u036b\u0343\u036a\u0302\u036b\u033da\u0323\u0307 o\u0308\u0304 \u0301\u0302 \u20dd ⃣ Ω Å Ǆ ǅ ǆ ʰʷ ⅷ ½ ² ① 𝐀𝐛𝟘 𐐀𐐨 ⁀ ᏣᎳᎩ ꭰ Ა ა"),
    ];

    private static readonly string[] Emoji =
    [
        "😀", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "❤️", "🧑🏿‍🚀", "1️⃣", "☃", "🤷🏻‍♀️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "✅", "→", "…", "—", "“”", "€", "™", "\u200b", "\ufeff", "\u00ad", "�",
    ];

    private static readonly string[] Code =
    [
        "public static int Count(ReadOnlySpan<byte> utf8) => _ranks[utf8.Length - 1] ?? 0;\n", "    if (x != null && y >= 0x1F) { return; }\r\n",
        "def f(self, *args, **kwargs):\n\treturn [a for a in args if a is not None]\n\n\n", "SELECT * FROM llm_calls WHERE cost_usd > 1e-6; -- comment\n",
        "<div class=\"row\"><a href='https://example.com/a/b?c=d&e=%20f#g'>link</a></div>\n", "#include <stdio.h>\nint main(void){printf(\"%d\\n\",42);}\n",
        "const camelCaseName = SCREAMING_SNAKE_CASE + snake_case_name + PascalCaseHTTPName;\n", "/* === */ //////// \\\\ ///\n/// <summary>\n",
        "```python\nprint('it''s')\n```\n", "| a | b |\n|---|---|\n| 1 | 2 |\n", "::std::vector<std::unique_ptr<T>>&& x; !!!??? ;;; ... --- *** ~~~ @@@ $$$\n",
    ];

    private static readonly string[] WhiteSpace =
    [
        " ", "  ", "\n", "\r\n", "\t", "\n\n", " \n", "\n ", "\t\t\n\t", "\u00a0", "\u2003\u2003", "\u3000", "\u2028", "\u0085", "\v\f", "\r", "    ", "\u1680", "\u180e", "\u202f", " \r\n \r\n  ",
    ];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();

    /// <summary>Texts of varied length, together at least so many bytes of UTF-8.</summary>
    public List<byte[]> Texts(int bytes)
    {
        var texts = new List<byte[]>();
        for (long total = 0; total < bytes;)
        {
            byte[] text = Encoding.UTF8.GetBytes(One());
            texts.Add(text);
            total += text.Length;
        }

        return texts;
    }

    /// <summary>Prose of words in one of the scripts, or in some of them, at least so many bytes of UTF-8.</summary>
    public byte[] Prose(int bytes)
    {
        _text.Clear();
        while (_text.Length < bytes)
        {
            AppendProse();
            _text.Append("\n\n");
        }

        return Encoding.UTF8.GetBytes(_text.ToString());
    }

    private static string[] Words(string words) => words.Split(' ');

    private string One()
    {
        const int MostParts = 60;
        _text.Clear();
        for (int part = _random.Next(1, MostParts); part > 0; part--)
        {
            switch (_random.Next(16))
            {
                case < 5:
                    AppendProse();
                    break;
                case 5 or 6:
                    _text.Append(Pick(Code)).Append(Pick(Code));
                    break;
                case 7:
                    AppendJson(3);
                    break;
                case 8:
                    Repeat(1, 12, () => _text.Append(Pick(Emoji)));
                    break;
                case 9:
                    AppendNumbers();
                    break;
                case 10:
                    Repeat(1, 12, () => _text.Append(Pick(WhiteSpace)));
                    break;
                case 11:
                    AppendRepeats();
                    break;
                case 12:
                    Repeat(1, 60, () => _text.Append(RandomRune().ToString()));
                    break;
                case 13:
                    Repeat(1, 200, () => _text.Append(Base64[_random.Next(Base64.Length)]));
                    break;
                case 14:
                    AppendLetters();
                    break;
                default:
                    AppendSalad();
                    break;
            }
        }

        return _text.ToString();
    }

    private void AppendProse()
    {
        string[] words = Pick(Scripts);
        Repeat(1, 40, () => _text.Append(Pick(words)).Append(_random.Next(12) switch
        {
            0 => ", ",
            1 => ". ",
            2 => "",
            3 => "\n",
            _ => " ",
        }));
    }

    private void AppendJson(int depth)
    {
        _text.Append("{\"").Append(Pick(Pick(Scripts))).Append("\":");
        _text.Append(_random.Next(2) == 0 ? " " : "");
        switch (_random.Next(depth > 0 ? 5 : 3))
        {
            case 0:
                _text.Append(_random.NextDouble().ToString(CultureInfo.InvariantCulture));
                break;
            case 1:
                _text.Append('"').Append(Pick(Pick(Scripts))).Append("\\n\\u00e9\"");
                break;
            case 2:
                _text.Append("[null,true,false,\r\n  ").Append(_random.Next()).Append(']');
                break;
            default:
                AppendJson(depth - 1);
                break;
        }

        _text.Append(_random.Next(2) == 0 ? "}" : "\n}\n");
    }

    private void AppendNumbers()
    {
        Repeat(1, 10, () => _text.Append(_random.Next(6) switch
        {
            0 => _random.NextInt64().ToString(CultureInfo.InvariantCulture),
            1 => _random.NextDouble().ToString("E", CultureInfo.InvariantCulture),
            2 => _random.Next().ToString("x", CultureInfo.InvariantCulture),
            3 => "1,234,567.89",
            4 => "2026-09-23T12:34:56Z",
            _ => "\u0661\u0662\u0663\u0664½Ⅷ৪",
        }).Append(_random.Next(3) == 0 ? "" : " "));
    }

    private void AppendRepeats()
    {
        string one = _random.Next(4) switch
        {
            0 => Pick(WhiteSpace),
            1 => Pick(Emoji),
            2 => Pick(Pick(Scripts)),
            _ => ((char)_random.Next(0x20, 0x7f)).ToString(),
        };
        Repeat(2, 300, () => _text.Append(one));
    }

    // Upper-case, lower-case, uncased letters and marks in any order, with what may stand before and after a word.
    private void AppendLetters() =>
        Repeat(1, 60, () => _text.Append(Pick(["A", "b", "Ж", "ж", "語", "ʰ", "\u0301", "ǅ", "ß", "'s", "'LL", "'ſ", "'re", "'", " ", "-", "1", "ñ", "E\u0301", "𝐀", "𐐨", "\u093e", "K", "/"])));

    // Anything after anything.
    private void AppendSalad() =>
        Repeat(1, 80, () => _text.Append(_random.Next(8) switch
        {
            0 => Pick(WhiteSpace),
            1 => Pick(Emoji),
            2 => Pick(Pick(Scripts)),
            3 => RandomRune().ToString(),
            4 => Pick(["'s", "'T", "'Re", "'vE", "'m", "'ll", "'D", "'ſ", "'", "''", "\"", "/", "//", "/\n", "!\n/", "<|endoftext|>", "<|", "|>"]),
            _ => ((char)_random.Next(0x80)).ToString(),
        }));

    private Rune RandomRune()
    {
        while (true)
        {
            int point = _random.Next(4) switch
            {
                0 => _random.Next(0x800),
                1 => _random.Next(0x3400),
                2 => _random.Next(0x10000),
                _ => _random.Next(0x110000),
            };
            if (Rune.TryCreate(point, out Rune rune))
            {
                return rune;
            }
        }
    }

    private T Pick<T>(T[] values) => values[_random.Next(values.Length)];

    private void Repeat(int least, int most, Action one)
    {
        for (int left = _random.Next(least, most); left > 0; left--)
        {
            one();
        }
    }
}
