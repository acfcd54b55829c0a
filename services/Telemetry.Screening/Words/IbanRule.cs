using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Words;

/// <summary>
/// International bank account numbers: the length that the country has registered (SWIFT IBAN registry), and the remainder 1 modulo 97 (ISO 13616), together or
/// in groups of four.
/// </summary>
internal sealed class IbanRule : IWordRule
{
    private const int Shortest = 15;
    private const int Longest = 34;

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.Iban;

    /// <inheritdoc />
    public string Name => "iban";

    /// <inheritdoc />
    public Found Match(ReadOnlySpan<byte> text, int start, int end)
    {
        if (text.Length - start < Shortest || end - start < 4 || !Characters.IsLetter(text[start]) || !Characters.IsLetter(text[start + 1])
            || !Characters.IsDigit(text[start + 2]) || !Characters.IsDigit(text[start + 3]))
        {
            return Found.Nothing;
        }

        int length = IbanCountries.LengthOf((char)(text[start] & ~0x20), (char)(text[start + 1] & ~0x20));
        Span<byte> compact = stackalloc byte[Longest];
        return length > 0 && TryRead(text, start, compact[..length], out int last) && Modulo97(compact[..length]) == 1 ? new Found(start, last) : Found.Nothing;
    }

    // Groups of four parted by one separator, or none at all.
    private static bool TryRead(ReadOnlySpan<byte> text, int start, Span<byte> compact, out int at)
    {
        at = start;
        bool isGrouped = false;
        for (int i = 0; i < compact.Length; i++)
        {
            if (i > 0 && i % 4 == 0 && Characters.Separator(text, at, out byte separator) > 0 && separator is (byte)' ' or (byte)'-')
            {
                at += Characters.Separator(text, at, out _);
                isGrouped |= i == 4;
            }
            else if (isGrouped && i % 4 == 0)
            {
                return false;
            }

            byte b = Characters.At(text, at++);
            if (!Characters.IsAlphanumeric(b))
            {
                return false;
            }

            compact[i] = b;
        }

        return !Characters.IsWordAt(text, at);
    }

    private static int Modulo97(ReadOnlySpan<byte> iban)
    {
        int remainder = 0;
        for (int i = 0; i < iban.Length; i++)
        {
            byte b = iban[(i + 4) % iban.Length];
            remainder = Characters.IsDigit(b) ? ((remainder * 10) + b - '0') % 97 : ((remainder * 100) + (b & ~0x20) - 'A' + 10) % 97;
        }

        return remainder;
    }
}
