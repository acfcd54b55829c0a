namespace Telemetry.Screening.Checksums;

/// <summary>The hybrid system MOD 11,10 (ISO/IEC 7064), as German tax numbers have it.</summary>
internal static class Mod11And10
{
    /// <summary>Whether the last digit checks the others.</summary>
    public static bool IsValid(ReadOnlySpan<byte> digits)
    {
        int product = 10;
        foreach (byte digit in digits[..^1])
        {
            int sum = (digit + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return (11 - product) % 10 == digits[^1];
    }
}
