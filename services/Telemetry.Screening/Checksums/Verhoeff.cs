namespace Telemetry.Screening.Checksums;

/// <summary>Verhoeff's check digit over the dihedral group of order ten, as Aadhaar numbers have it.</summary>
internal static class Verhoeff
{
    // What stands at place n is permuted n times by this one permutation.
    private static ReadOnlySpan<byte> Permutation => [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

    /// <summary>Whether the last digit checks the others.</summary>
    public static bool IsValid(ReadOnlySpan<byte> digits)
    {
        int check = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = digits[^(i + 1)];
            for (int times = i % 8; times > 0; times--)
            {
                digit = Permutation[digit];
            }

            check = Multiply(check, digit);
        }

        return check == 0;
    }

    // Numbers below five turn the pentagon, the others turn it over first.
    private static int Multiply(int a, int b) => (a < 5, b < 5) switch
    {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + ((a + b - 5) % 5),
        (false, true) => 5 + ((a - 5 - b + 5) % 5),
        (false, false) => (a - b + 5) % 5,
    };
}
