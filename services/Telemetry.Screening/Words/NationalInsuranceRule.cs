using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Words;

/// <summary>
/// UK national insurance numbers: two capitals that are issued, six digits, a capital from A to D; together or in pairs. They have no check digit (HMRC manual
/// NIM39110).
/// </summary>
internal sealed class NationalInsuranceRule : IWordRule
{
    private const int Length = 9;

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "uk_nino";

    /// <inheritdoc />
    public Found Match(ReadOnlySpan<byte> text, int start, int end)
    {
        Span<byte> compact = stackalloc byte[Length];
        int at = start;
        for (int i = 0; i < Length; i++)
        {
            if (i > 0 && i % 2 == 0 && Characters.At(text, at) == (byte)' ')
            {
                at++;
            }

            compact[i] = Characters.At(text, at++);
            if (i is 0 or 1 or 8 ? !Characters.IsUpper(compact[i]) : !Characters.IsDigit(compact[i]))
            {
                return Found.Nothing;
            }
        }

        return IsIssued(compact[0], compact[1]) && compact[8] <= (byte)'D' && !Characters.IsWordAt(text, at) ? new Found(start, at) : Found.Nothing;
    }

    private static bool IsIssued(byte first, byte second) =>
        !"DFIQUV"u8.Contains(first) && !"DFIOQUV"u8.Contains(second)
        && ((char)first, (char)second) is not (('B', 'G') or ('G', 'B') or ('K', 'N') or ('N', 'K') or ('N', 'T') or ('T', 'N') or ('Z', 'Z'));
}
