using Telemetry.Screening.Checksums;
using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>Canadian social insurance numbers: nine digits with Luhn's check digit; one number in ten passes, so they are found only behind a word that tells.</summary>
internal sealed class SocialInsuranceRule : INumberRule
{
    private static readonly Context Words = new("sin", "social insurance", "social_insurance", "assurance sociale", "nas");

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "ca_sin";

    /// <inheritdoc />
    public int FewestDigits => 9;

    /// <inheritdoc />
    public Found Match(in NumberCandidate number) =>
        (number.HasShape([3, 3, 3], " -"u8, out int end) || number.IsUnbroken(9, out end))
        && number.Digits[0] is not (0 or 8) && Luhn.IsValid(number.Digits[..9]) && Words.IsBefore(number.Text, number.Start)
            ? new Found(number.Start, end)
            : Found.Nothing;
}
