using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Words;

/// <summary>Italian tax codes: six letters of the name, a date of birth, a place, and a check letter over odd and even places (D.M. 23 December 1976).</summary>
internal sealed class CodiceFiscaleRule : IWordRule
{
    private const int Length = 16;

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "it_codice_fiscale";

    // What a digit, or the letter of its place in the alphabet, counts at an odd place.
    private static ReadOnlySpan<byte> Odd => [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    // L for a letter, D for a digit (or the letter that takes its place where two people would have one code), M for a month.
    private static ReadOnlySpan<byte> Form => "LLLLLLDDMDDLDDDL"u8;

    /// <inheritdoc />
    public Found Match(ReadOnlySpan<byte> text, int start, int end)
    {
        if (end - start != Length)
        {
            return Found.Nothing;
        }

        int sum = 0;
        for (int i = 0; i < Length; i++)
        {
            byte b = text[start + i];
            b = Characters.IsLetter(b) ? (byte)(b & ~0x20) : b;
            if (!Fits(b, Form[i]))
            {
                return Found.Nothing;
            }

            int value = Characters.IsDigit(b) ? b - '0' : b - 'A';
            sum += i == Length - 1 ? 0 : i % 2 == 0 ? Odd[value] : value;
        }

        return sum % 26 == (text[end - 1] & ~0x20) - 'A' ? new Found(start, end) : Found.Nothing;
    }

    private static bool Fits(byte b, byte form) => form switch
    {
        (byte)'L' => Characters.IsUpper(b),
        (byte)'M' => "ABCDEHLMPRST"u8.Contains(b),
        _ => Characters.IsDigit(b) || "LMNPQRSTUV"u8.Contains(b),
    };
}
