using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>Brazilian CPF numbers: 000.000.000-00 with two check digits; unbroken only behind the word.</summary>
internal sealed class CpfRule : INumberRule
{
    private static readonly Context Words = new("cpf", "cadastro de pessoa*");

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "br_cpf";

    /// <inheritdoc />
    public int FewestDigits => 11;

    /// <inheritdoc />
    public Found Match(in NumberCandidate number)
    {
        bool isWritten = number.Length(0) == 3 && number.Length(1) == 3 && number.Length(2) == 3 && number.Length(3) == 2
            && number.Separator(1) == (byte)'.' && number.Separator(2) == (byte)'.' && number.Separator(3) == (byte)'-' && number.EndsAt(4);
        int end = isWritten ? number.EndOf(3) : 0;
        if (!isWritten && !(number.IsUnbroken(11, out end) && Words.IsBefore(number.Text, number.Start)))
        {
            return Found.Nothing;
        }

        ReadOnlySpan<byte> digits = number.Digits[..11];
        return digits[1..].ContainsAnyExcept(digits[0]) && IsChecked(digits, 9) && IsChecked(digits, 10) ? new Found(number.Start, end) : Found.Nothing;
    }

    private static bool IsChecked(ReadOnlySpan<byte> digits, int place)
    {
        int sum = 0;
        for (int i = 0; i < place; i++)
        {
            sum += digits[i] * (place + 1 - i);
        }

        return sum * 10 % 11 % 10 == digits[place];
    }
}
