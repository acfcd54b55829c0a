using System.Globalization;

namespace Telemetry.Judge.Ask;

/// <summary>Bounds texts, keeping head and tail: what was asked stands at an end, and so does what was concluded.</summary>
internal static class BoundedText
{
    private const double HeadShare = 0.6;

    /// <summary>The text, or its head and tail with what is left out between them told.</summary>
    public static string HeadAndTail(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }

        int head = WithoutHalfPair(text, (int)(longest * HeadShare));
        int tail = longest - head;
        int from = text.Length - tail;
        from += char.IsLowSurrogate(text[from]) ? 1 : 0;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, head)}\n[{from - head} characters are left out here]\n{text.AsSpan(from)}");
    }

    /// <summary>The head of a text on one line without control characters, for logs and tables.</summary>
    public static string Head(string text, int longest)
    {
        string head = text.Length <= longest ? text : text[..WithoutHalfPair(text, longest)];
        return string.Create(head.Length, head, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        }).Trim();
    }

    private static int WithoutHalfPair(string text, int length) => char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
}
