using Telemetry.Screening.Checksums;
using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>Indian Aadhaar numbers: twelve digits, the first from 2, Verhoeff's check digit. Grouped 4 4 4 they are found by themselves, unbroken behind a word that tells.</summary>
internal sealed class AadhaarRule : INumberRule
{
    private static readonly Context Words = new("aadhaar", "aadhar", "adhaar", "uidai", "uid", "आधार");

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "in_aadhaar";

    /// <inheritdoc />
    public int FewestDigits => 12;

    /// <inheritdoc />
    public Found Match(in NumberCandidate number)
    {
        bool isGrouped = number.HasShape([4, 4, 4], " -"u8, out int end) && number.Length(3) != 4;
        if (!isGrouped && !number.IsUnbroken(12, out end))
        {
            return Found.Nothing;
        }

        ReadOnlySpan<byte> digits = number.Digits[..12];
        return digits[0] >= 2 && Verhoeff.IsValid(digits) && (isGrouped || Words.IsBefore(number.Text, number.Start)) ? new Found(number.Start, end) : Found.Nothing;
    }
}
