using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>Calling codes of countries and how many digits follow them (ITU-T E.164 and its national numbering plans).</summary>
internal static class CallingCodes
{
    // Codes of two digits; every other one but 1 and 7 has three.
    private static ReadOnlySpan<byte> TwoDigits =>
    [
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94,
        95, 98,
    ];

    /// <summary>How many groups make an international number whose calling code stands after so many digits; 0 when none do.</summary>
    public static int GroupsOf(in NumberCandidate number, int skip)
    {
        ReadOnlySpan<byte> digits = number.Digits[skip..];
        if (digits.Length < 7 || digits[0] == 0)
        {
            return 0;
        }

        int two = (digits[0] * 10) + digits[1];
        int code = digits[0] is 1 or 7 ? 1 : TwoDigits.Contains((byte)two) ? 2 : 3;
        (int fewest, int most) = code == 3 ? (6, 10) : NationalLength(code == 1 ? digits[0] : two);

        // The trunk zero that is written in brackets, as in +44 (0)20.
        if (digits[code] == 0 && code != 1)
        {
            (fewest, most) = (fewest + 1, most + 1);
        }

        int best = 0;
        int total = -skip - code;
        for (int group = 0; group < number.Groups; group++)
        {
            total += number.Length(group);
            best = total >= fewest && total <= most && EndsAt(number, group + 1) ? group + 1 : best;
        }

        return best;
    }

    private static bool EndsAt(in NumberCandidate number, int group) => group >= number.Groups ? !Characters.IsWordAt(number.Text, number.EndOf(group - 1)) : number.Separator(group) != (byte)'-';

    private static (int Fewest, int Most) NationalLength(int code) => code switch
    {
        1 or 7 or 91 or 52 or 90 or 30 => (10, 10),
        33 or 34 or 31 or 48 or 61 or 41 or 27 or 66 => (9, 9),
        45 or 47 or 65 => (8, 8),
        44 => (9, 10),
        32 or 36 => (8, 9),
        86 or 55 => (10, 11),
        81 => (9, 10),
        49 or 43 or 62 => (7, 12),
        39 => (8, 11),
        46 or 82 or 60 or 63 => (7, 10),
        _ => (7, 11),
    };
}
