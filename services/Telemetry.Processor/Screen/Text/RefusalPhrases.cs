namespace Telemetry.Processor.Screen.Text;

/// <summary>Whether an answer begins as refusals do: with one of the known phrases at the start of one of its first three sentences, an apology before it or not. Not thread-safe.</summary>
internal sealed class RefusalPhrases
{
    private const int Looked = 320;
    private const int MostSentences = 3;

    private static readonly byte[][] Conjunctions =
        ["but "u8.ToArray(), "aber "u8.ToArray(), "mais "u8.ToArray(), "pero "u8.ToArray(), "mas "u8.ToArray(), "ma "u8.ToArray(), "maar "u8.ToArray(), "ale "u8.ToArray(), "но "u8.ToArray()];

    private readonly FoldedText _folded = new();

    /// <summary>The evidence of a refusal; null when it is none.</summary>
    public string? In(ReadOnlySpan<byte> answer)
    {
        answer = answer.TrimStart(" \t\r\n*_>#\""u8);
        ReadOnlySpan<byte> text = _folded.Fold(answer[..Math.Min(answer.Length, Looked)]);
        for (int sentence = 0; sentence < MostSentences && !text.IsEmpty; sentence++)
        {
            text = WithoutOpener(text.TrimStart(" *_\"'"u8));
            foreach ((byte[] phrase, string evidence) in Phrases.Known.Refusals)
            {
                if (text.StartsWith(phrase))
                {
                    return evidence;
                }
            }

            int end = text.IndexOfAny((byte)'.', (byte)'!', (byte)'?');
            int wide = text.IndexOf("。"u8);
            end = wide >= 0 && (end < 0 || wide < end) ? wide + 2 : end;
            text = end < 0 ? default : text[(end + 1)..];
        }

        return null;
    }

    // "I'm sorry, but I can't …"
    private static ReadOnlySpan<byte> WithoutOpener(ReadOnlySpan<byte> text)
    {
        foreach (byte[] opener in Phrases.Known.Openers)
        {
            if (text.StartsWith(opener))
            {
                ReadOnlySpan<byte> rest = text[opener.Length..].TrimStart(" ,;:-"u8);
                return WithoutConjunction(rest);
            }
        }

        return text;
    }

    private static ReadOnlySpan<byte> WithoutConjunction(ReadOnlySpan<byte> text)
    {
        foreach (byte[] word in Conjunctions)
        {
            if (text.StartsWith(word))
            {
                return text[word.Length..];
            }
        }

        return text;
    }
}
