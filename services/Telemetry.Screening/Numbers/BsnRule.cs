using Telemetry.Screening.Checksums;
using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>Dutch citizen service numbers (BSN): nine digits that pass the eleven test. One number in eleven passes, so they are found only behind a word that tells.</summary>
internal sealed class BsnRule : INumberRule
{
    private static readonly Context Words = new("bsn", "burgerservice*", "sofi*");

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "nl_bsn";

    /// <inheritdoc />
    public int FewestDigits => 9;

    /// <inheritdoc />
    public Found Match(in NumberCandidate number)
    {
        if (!number.IsUnbroken(9, out int end) && !number.HasShape([4, 2, 3], ". "u8, out end) && !number.HasShape([3, 3, 3], ". "u8, out end))
        {
            return Found.Nothing;
        }

        int sum = Weighted.Sum(number.Digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]);
        return sum != 0 && sum % 11 == 0 && Words.IsBefore(number.Text, number.Start) ? new Found(number.Start, end) : Found.Nothing;
    }
}
