namespace Telemetry.Processor.Screen.Rules;

/// <summary>
/// The end of the answer says the same five times or more, over 300 bytes or more: the model is in a loop. Found by the failure function of Knuth, Morris and
/// Pratt over the last 8 KiB read backwards, so in linear time. Rules of dashes and rows of numbers repeat as well; half of what repeats must be letters.
/// </summary>
internal sealed class RepetitionRule : IScreenRule
{
    private const int Looked = 8192;
    private const int Fewest = 300;
    private const int FewestTimes = 5;

    private readonly int[] _failure = new int[Looked];

    /// <inheritdoc />
    public bool NeedsContent => true;

    /// <inheritdoc />
    public void Look(ScreenedCall call)
    {
        ReadOnlySpan<byte> answer = call.Answer.TrimEnd(" \t\r\n"u8);
        if (answer.Length >= Fewest && IsLoop(answer[^Math.Min(answer.Length, Looked)..]))
        {
            call.Hit(ScreenFlags.Repetition);
        }
    }

    private bool IsLoop(ReadOnlySpan<byte> tail)
    {
        int matched = 0;
        for (int i = 1; i < tail.Length; i++)
        {
            byte b = tail[^(i + 1)];
            while (matched > 0 && b != tail[^(matched + 1)])
            {
                matched = _failure[matched - 1];
            }

            matched += b == tail[^(matched + 1)] ? 1 : 0;
            _failure[i] = matched;

            // The last i + 1 bytes repeat with this period.
            int period = i + 1 - matched;
            if (i + 1 >= Fewest && period * FewestTimes <= i + 1 && Letters(tail[^period..]) * 2 >= period)
            {
                return true;
            }
        }

        return false;
    }

    private static int Letters(ReadOnlySpan<byte> text)
    {
        int letters = 0;
        foreach (byte b in text)
        {
            letters += b >= 0x80 || char.IsAsciiLetter((char)b) ? 1 : 0;
        }

        return letters;
    }
}
