using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Words;

/// <summary>Spanish DNI (eight digits) and NIE (X, Y or Z and seven digits) numbers with their check letter, which is the number modulo 23.</summary>
internal sealed class DniRule : IWordRule
{
    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "es_dni";

    private static ReadOnlySpan<byte> CheckLetters => "TRWAGMYFPDXBNJZSQVHLCKE"u8;

    /// <inheritdoc />
    public Found Match(ReadOnlySpan<byte> text, int start, int end)
    {
        int at = start;
        int number = 0;
        bool isForeign = text[at] is (byte)'X' or (byte)'Y' or (byte)'Z';
        if (isForeign)
        {
            number = text[at++] - 'X';
            at += Characters.At(text, at) == (byte)'-' ? 1 : 0;
        }

        for (int digits = isForeign ? 7 : 8; digits > 0; digits--)
        {
            byte b = Characters.At(text, at++);
            if (!Characters.IsDigit(b))
            {
                return Found.Nothing;
            }

            number = (number * 10) + b - '0';
        }

        at += Characters.At(text, at) == (byte)'-' ? 1 : 0;
        return at < end && text[at] == CheckLetters[number % 23] && !Characters.IsWordAt(text, at + 1) ? new Found(start, at + 1) : Found.Nothing;
    }
}
