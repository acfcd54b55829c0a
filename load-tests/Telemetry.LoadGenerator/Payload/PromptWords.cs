using System.Text;

namespace Telemetry.LoadGenerator.Payload;

/// <summary>Text like that of prompts: words and punctuation, of an exact length in bytes, compressible as English is.</summary>
internal sealed class PromptWords(Random random)
{
    private static readonly string[] Words =
        ("the of and to a in that it is was for on with as be at by this have from or an they which one you were all her there would their we him been has when "
        + "who will more no if out so said what up its about into than them can only other new some could time these two may then do first any my now such like "
        + "our over man me even most made after also did many before must through back years where much your way well down should because each just those people "
        + "order refund invoice delivery customer warehouse address payment carrier tracking receipt discount voucher subscription account policy return shipment "
        + "summarize explain classify translate extract compare rewrite answer document paragraph section table figure source citation context instruction").Split(' ');

    /// <summary>Makes a text; quotes and line breaks appear as they do in prompts, so that it needs escaping in JSON.</summary>
    public string Text(int bytes)
    {
        const int SentenceWords = 14;
        var text = new StringBuilder(bytes + SentenceWords);
        int words = 0;
        while (text.Length < bytes)
        {
            text.Append(Words[random.Next(Words.Length)]);
            words++;
            text.Append(words % SentenceWords == 0 ? ".\n" : words % (SentenceWords / 2) == 0 ? ", \"" : " ");
        }

        text.Length = bytes;
        return text.ToString();
    }
}
