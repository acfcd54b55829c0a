namespace Telemetry.Screening.Checksums;

/// <summary>Sums of digits by weights, which most national numbers check themselves with.</summary>
internal static class Weighted
{
    /// <summary>The sum of each digit times its weight; digits without a weight do not count.</summary>
    public static int Sum(ReadOnlySpan<byte> digits, ReadOnlySpan<sbyte> weights)
    {
        int sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += digits[i] * weights[i];
        }

        return sum;
    }

    /// <summary>The digits as one number; 18 of them at most.</summary>
    public static long Number(ReadOnlySpan<byte> digits)
    {
        long number = 0;
        foreach (byte digit in digits)
        {
            number = (number * 10) + digit;
        }

        return number;
    }
}
