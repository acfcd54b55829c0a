namespace Telemetry.Screening.Checksums;

/// <summary>The check digit of payment cards and others (ISO/IEC 7812-1, annex B).</summary>
internal static class Luhn
{
    /// <summary>Whether the last digit checks the others.</summary>
    public static bool IsValid(ReadOnlySpan<byte> digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)];
            int doubled = digit * 2;
            sum += (i & 1) == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }

        return sum % 10 == 0;
    }
}
