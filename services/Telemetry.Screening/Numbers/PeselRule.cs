using Telemetry.Screening.Checksums;
using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>Polish PESEL numbers: eleven digits that begin with a date of birth, and a check digit; found only behind the word.</summary>
internal sealed class PeselRule : INumberRule
{
    private static readonly Context Words = new("pesel");

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "pl_pesel";

    /// <inheritdoc />
    public int FewestDigits => 11;

    /// <inheritdoc />
    public Found Match(in NumberCandidate number)
    {
        if (!number.IsUnbroken(11, out int end) || !Words.IsBefore(number.Text, number.Start))
        {
            return Found.Nothing;
        }

        ReadOnlySpan<byte> digits = number.Digits;

        // The century is added to the month, in twenties.
        int month = ((digits[2] * 10) + digits[3]) % 20;
        int day = (digits[4] * 10) + digits[5];
        return month is >= 1 and <= 12 && day is >= 1 and <= 31 && Weighted.Sum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0
            ? new Found(number.Start, end)
            : Found.Nothing;
    }
}
