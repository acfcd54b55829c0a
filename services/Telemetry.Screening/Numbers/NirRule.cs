using Telemetry.Screening.Checksums;
using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>
/// French social security numbers (NIR) in digits: sex, year, month, place, order, and a key of two digits that is 97 less the number modulo 97. Those of
/// Corsica, with a letter in the place, are <see cref="Words.CorsicanNirRule"/>.
/// </summary>
internal sealed class NirRule : INumberRule
{
    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "fr_nir";

    /// <inheritdoc />
    public int FewestDigits => 15;

    /// <inheritdoc />
    public Found Match(in NumberCandidate number)
    {
        if (!number.HasShape([1, 2, 2, 2, 3, 3, 2], " -."u8, out int end) && !number.IsUnbroken(15, out end))
        {
            return Found.Nothing;
        }

        ReadOnlySpan<byte> digits = number.Digits[..15];
        int month = (digits[3] * 10) + digits[4];
        bool isDated = digits[0] is 1 or 2 && month is (>= 1 and <= 12) or (>= 20 and <= 42) or >= 50;
        return isDated && 97 - (Weighted.Number(digits[..13]) % 97) == Weighted.Number(digits[13..]) ? new Found(number.Start, end) : Found.Nothing;
    }
}
