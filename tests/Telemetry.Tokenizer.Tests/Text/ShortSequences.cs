using System.Text;

namespace Telemetry.Tokenizer.Tests.Text;

/// <summary>Every sequence, up to some length, of what the regular expressions tell apart.</summary>
internal static class ShortSequences
{
    private const int Longest = 4;

    private static readonly string[] Parts = ["A", "b", "語", "\u0301", "1", " ", "\n", "\r", "\t", "'", "s", "re", "/", "-", "ſ", "Ж", "ж", "\u00a0"];

    public static List<byte[]> All()
    {
        var texts = new List<byte[]>();
        for (int length = 1; length <= Longest; length++)
        {
            int all = (int)Math.Pow(Parts.Length, length);
            for (int number = 0; number < all; number++)
            {
                var text = new StringBuilder();
                for (int i = 0, rest = number; i < length; i++, rest /= Parts.Length)
                {
                    text.Append(Parts[rest % Parts.Length]);
                }

                texts.Add(Encoding.UTF8.GetBytes(text.ToString()));
            }
        }

        return texts;
    }
}
