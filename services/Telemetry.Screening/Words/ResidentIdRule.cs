using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Words;

/// <summary>Chinese resident identity numbers: region, date of birth, order, and a check character that may be X (GB 11643, ISO 7064 MOD 11-2).</summary>
internal sealed class ResidentIdRule : IWordRule
{
    private const int Length = 18;

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.NationalId;

    /// <inheritdoc />
    public string Name => "cn_resident_id";

    private static ReadOnlySpan<byte> Weights => [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <inheritdoc />
    public Found Match(ReadOnlySpan<byte> text, int start, int end)
    {
        if (end - start != Length)
        {
            return Found.Nothing;
        }

        int sum = 0;
        for (int i = 0; i < Weights.Length; i++)
        {
            if (!Characters.IsDigit(text[start + i]))
            {
                return Found.Nothing;
            }

            sum += (text[start + i] - '0') * Weights[i];
        }

        ReadOnlySpan<byte> number = text[start..end];
        int month = Two(number, 10);
        int day = Two(number, 12);
        bool isDated = number[6..8].SequenceEqual("19"u8) || number[6..8].SequenceEqual("20"u8);
        return isDated && number[0] is >= (byte)'1' and <= (byte)'8' && month is >= 1 and <= 12 && day is >= 1 and <= 31 && (number[17] & ~0x20) == ("10X98765432"u8[sum % 11] & ~0x20)
            ? new Found(start, end)
            : Found.Nothing;
    }

    private static int Two(ReadOnlySpan<byte> number, int at) => ((number[at] - '0') * 10) + number[at + 1] - '0';
}
