using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>
/// US social security numbers. They have no check digit: only the written form 3-2-4 with dashes is found by itself, spaces or no separators only behind a word
/// that tells. Area 000, 666 and 9xx, group 00 and serial 0000 are never issued.
/// </summary>
internal sealed class SocialSecurityRule : INumberRule
{
    private static readonly Context Words = new("ssn", "social security", "social-security", "social_security", "soc sec");

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "us_ssn";

    /// <inheritdoc />
    public int FewestDigits => 9;

    /// <inheritdoc />
    public Found Match(in NumberCandidate number)
    {
        bool isDashed = number.HasShape([3, 2, 4], "-"u8, out int end);
        if (!isDashed && !number.HasShape([3, 2, 4], " "u8, out end) && !number.IsUnbroken(9, out end))
        {
            return Found.Nothing;
        }

        ReadOnlySpan<byte> d = number.Digits;
        int area = (d[0] * 100) + (d[1] * 10) + d[2];
        bool isIssued = area is not (0 or 666 or >= 900) && (d[3] | d[4]) != 0 && (d[5] | d[6] | d[7] | d[8]) != 0;
        bool standsAlone = isDashed && number.Before is not ((byte)'-' or (byte)'_' or (byte)'#' or (byte)'/');
        return isIssued && (standsAlone || Words.IsBefore(number.Text, number.Start)) ? new Found(number.Start, end) : Found.Nothing;
    }
}
