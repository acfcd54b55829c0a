using Telemetry.Processor.Screen.Text;

namespace Telemetry.Processor.Screen.Rules;

/// <summary>
/// The answer is in another language than the last question, told by script, and among languages in Latin letters by their small words. Cautious: both texts must be
/// long and clearly of one language, and neither instructions nor prompt may speak of languages or translation.
/// </summary>
internal sealed class LanguageRule : IScreenRule
{
    private const int Looked = 4096;

    private static readonly byte[][] SpeaksOfLanguage =
    [
        .. ((string[])
        [
            "translat", "language", "english", "german", "french", "spanish", "italian", "portuguese", "dutch", "russian", "chinese", "japanese", "korean", "arabic", "hindi", "übersetz", "sprache", "deutsch",
            "englisch", "traduc", "traduis", "langue", "français", "anglais", "idioma", "español", "inglés", "lingua", "inglese", "italiano", "vertaal", "engels", "nederlands", "перевед", "язык", "翻译", "翻譯", "翻訳", "英语", "中文", "日本語", "英語", "번역", "영어", "한국어",
        ]).Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    private readonly FoldedText _folded = new();
    private readonly LanguageGuess _guess = new();

    /// <inheritdoc />
    public bool NeedsContent => true;

    /// <inheritdoc />
    public void Look(ScreenedCall call)
    {
        ReadOnlySpan<byte> question = call.Question;
        ReadOnlySpan<byte> answer = call.Answer;
        if (question.Length < LanguageGuess.FewestBytes || answer.Length < LanguageGuess.FewestBytes || call.ToolCalls > 0)
        {
            return;
        }

        // The answer first: most are in the language of the question, and the words for languages need not be looked for.
        Language answered = _guess.Of(_folded.Fold(answer[..Math.Min(answer.Length, Looked)]));
        Language asked = answered == Language.Unknown ? Language.Unknown : _guess.Of(_folded.Fold(question[^Math.Min(question.Length, Looked)..]));
        if (asked != Language.Unknown && asked != answered && !IsAboutLanguage(call.Instructions) && !IsAboutLanguage(call.Prompt))
        {
            call.Hit(ScreenFlags.Language, LanguageGuess.NameOf(asked, answered));
        }
    }

    private bool IsAboutLanguage(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> folded = _folded.Fold(text);
        foreach (byte[] word in SpeaksOfLanguage)
        {
            if (folded.IndexOf(word) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
