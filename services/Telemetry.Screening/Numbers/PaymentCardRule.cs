using Telemetry.Screening.Checksums;
using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>Payment cards: the ranges and lengths of the large issuers, written together or in the groups embossed on the card, and Luhn's check digit.</summary>
internal sealed class PaymentCardRule : INumberRule
{
    /// <inheritdoc />
    public PiiKind Kind => PiiKind.PaymentCard;

    /// <inheritdoc />
    public string Name => "payment_card";

    /// <inheritdoc />
    public int FewestDigits => 12;

    /// <inheritdoc />
    public Found Match(in NumberCandidate number)
    {
        // A path or a decimal fraction.
        if (number.Before is (byte)'/' || number.Digits[0] is 0 or 1 or 7 or 8 or 9)
        {
            return Found.Nothing;
        }

        int length = number.Length(0);
        if (length < 12)
        {
            length = Grouped(number, out int end);
            return length > 0 && IsCard(number.Digits[..length]) ? new Found(number.Start, end) : Found.Nothing;
        }

        return number.IsUnbroken(length, out int unbroken) && IsCard(number.Digits[..length]) ? new Found(number.Start, unbroken) : Found.Nothing;
    }

    private static int Grouped(in NumberCandidate number, out int end) =>
        number.HasShape([4, 4, 4, 4, 3], " -"u8, out end) ? 19
        : number.HasShape([4, 4, 4, 4], " -"u8, out end) ? 16
        : number.HasShape([4, 6, 5], " -"u8, out end) ? 15
        : number.HasShape([4, 6, 4], " -"u8, out end) ? 14
        : 0;

    private static bool IsCard(ReadOnlySpan<byte> digits)
    {
        int six = (int)Weighted.Number(digits[..6]);
        bool isIssued = digits.Length switch
        {
            14 => six / 1000 is (>= 300 and <= 305) or 309 or (>= 360 and <= 369) or (>= 380 and <= 399),
            15 => six / 10_000 is 34 or 37,
            16 => six / 100_000 == 4 || six / 10_000 is >= 51 and <= 55 || six / 100 is >= 2221 and <= 2720 || IsOther(six),
            12 or 13 or 17 or 18 => IsMaestro(six),
            19 => six / 100_000 == 4 || IsOther(six) || IsMaestro(six),
            _ => false,
        };

        // One digit repeated passes the check for some lengths, and is nobody's card.
        return isIssued && Luhn.IsValid(digits) && digits[1..].ContainsAnyExcept(digits[0]);
    }

    // Discover, JCB, UnionPay.
    private static bool IsOther(int six) => six / 100 == 6011 || six / 1000 is >= 644 and <= 649 || six / 10_000 is 65 or 62 || six / 100 is >= 3528 and <= 3589 || IsMaestro(six);

    private static bool IsMaestro(int six) => (six / 100) is 5018 or 5020 or 5038 or 5893 or 6304 or 6759 or 6761 or 6762 or 6763;
}
