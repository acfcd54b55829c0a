using Telemetry.Screening.Checksums;
using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>Swiss social insurance numbers (AHV/AVS): 756 for the country, nine digits, and the check digit of EAN-13.</summary>
internal sealed class AhvRule : INumberRule
{
    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "ch_ahv";

    /// <inheritdoc />
    public int FewestDigits => 13;

    /// <inheritdoc />
    public Found Match(in NumberCandidate number)
    {
        ReadOnlySpan<byte> digits = number.Digits;
        bool isSwiss = digits[0] == 7 && digits[1] == 5 && digits[2] == 6;
        if (!isSwiss || (!number.HasShape([3, 4, 4, 2], ". "u8, out int end) && !number.IsUnbroken(13, out end)))
        {
            return Found.Nothing;
        }

        return Weighted.Sum(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 == 0 ? new Found(number.Start, end) : Found.Nothing;
    }
}
