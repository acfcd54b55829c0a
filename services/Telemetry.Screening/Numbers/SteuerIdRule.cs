using Telemetry.Screening.Checksums;
using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>
/// German tax identification numbers: eleven digits, the first not 0, among the first ten exactly one digit twice or three times and no other twice, and a check
/// digit. Grouped 2 3 3 3 they are found by themselves, unbroken behind a word that tells.
/// </summary>
internal sealed class SteuerIdRule : INumberRule
{
    private static readonly Context Words = new("steuer*", "idnr", "id-nr", "tin", "tax id", "tax-id", "taxid", "tax_id");

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "de_steuer_id";

    /// <inheritdoc />
    public int FewestDigits => 11;

    /// <inheritdoc />
    public Found Match(in NumberCandidate number)
    {
        bool isGrouped = number.HasShape([2, 3, 3, 3], " -"u8, out int end);
        if (!isGrouped && !number.IsUnbroken(11, out end))
        {
            return Found.Nothing;
        }

        ReadOnlySpan<byte> digits = number.Digits[..11];
        return digits[0] != 0 && HasOneRepeated(digits[..10]) && Mod11And10.IsValid(digits) && (isGrouped || Words.IsBefore(number.Text, number.Start))
            ? new Found(number.Start, end)
            : Found.Nothing;
    }

    private static bool HasOneRepeated(ReadOnlySpan<byte> digits)
    {
        Span<byte> counts = stackalloc byte[10];
        counts.Clear();
        foreach (byte digit in digits)
        {
            counts[digit]++;
        }

        int repeated = 0;
        foreach (byte count in counts)
        {
            repeated += count > 1 ? 1 : 0;
            if (count > 3)
            {
                return false;
            }
        }

        return repeated == 1;
    }
}
