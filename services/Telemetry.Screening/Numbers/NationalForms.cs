using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>The forms in which countries write telephone numbers for their own people.</summary>
internal static class NationalForms
{
    /// <summary>How many groups make a national number; 0 when none do.</summary>
    /// <param name="number">The number.</param>
    /// <param name="standsAlone">Whether its form is found without a word that tells: it is hardly ever anything else.</param>
    public static int GroupsOf(in NumberCandidate number, out bool standsAlone)
    {
        standsAlone = true;
        if (IsNorthAmerican(number, out int groups, out standsAlone) || IsTrunk(number, out groups, out standsAlone) || IsGrouped(number, out groups, out standsAlone))
        {
            return groups;
        }

        standsAlone = false;
        int length = number.Length(0);
        return length is >= 9 and <= 12 && number.IsUnbroken(length, out _) && !(length == 10 && number.Digits[0] == 1) ? 1 : 0;
    }

    // (415) 555-2671, 415-555-2671, 415.555.2671, 1-415-555-2671; with spaces alone it may be any number.
    private static bool IsNorthAmerican(in NumberCandidate number, out int groups, out bool standsAlone)
    {
        int first = number.Length(0) == 1 && number.Digits[0] == 1 ? 1 : 0;
        groups = first + 3;
        standsAlone = number.Separator(first + 2) is (byte)'-' or (byte)'.' || number.Before == (byte)'(' || (first == 1 && number.Separator(2) == (byte)'(');
        return number.Groups >= groups && number.Length(first) == 3 && number.Length(first + 1) == 3 && number.Length(first + 2) == 4
            && number.Digits[first] >= 2 && number.Digits[first + 3] >= 2
            && (number.Separator(first + 1) == number.Separator(first + 2) || number.Separator(first + 1) == (byte)'(') && number.Separator(first + 2) != (byte)'/'
            && number.EndsAt(groups);
    }

    // A trunk zero, an area or network, and the rest: most of Europe, Japan, Australia.
    private static bool IsTrunk(in NumberCandidate number, out int groups, out bool standsAlone)
    {
        groups = 0;
        standsAlone = true;
        if (number.Groups < 2 || number.Digits[0] != 0 || number.Digits[1] == 0 || number.Length(0) > 5)
        {
            return false;
        }

        bool isPairs = number.Length(0) == 2 && number.Length(1) == 2;
        if (isPairs)
        {
            groups = 5;
            return number.HasShape([2, 2, 2, 2, 2], " .-"u8, out _);
        }

        int total = number.Length(0);
        for (int group = 1; group < number.Groups && group < 5; group++)
        {
            bool isJoined = group == 1 || number.Separator(group) == number.Separator(2) || number.Separator(1) == (byte)'/';
            total += number.Length(group);
            if (!isJoined || number.Length(group) == 1 || number.Separator(group) == (byte)'.' || (number.Length(group) == 2 && number.Separator(group) == (byte)'-'))
            {
                break;
            }

            groups = total >= 9 && total <= (group == 1 ? 12 : 11) && number.EndsAt(group + 1) ? group + 1 : groups;
        }

        return groups > 0;
    }

    // India 98765 43210, China 138 0013 8000, Brazil (11) 91234-5678; Spain 612 345 678 and Italy 347 123 4567 look like any grouped number.
    private static bool IsGrouped(in NumberCandidate number, out int groups, out bool standsAlone)
    {
        standsAlone = true;
        groups = 2;
        if (number.HasShape([5, 5], " -"u8, out _) && number.Digits[0] >= 6)
        {
            return true;
        }

        groups = 3;
        if (number.HasShape([3, 4, 4], " -"u8, out _) && number.Digits[0] == 1 && number.Digits[1] >= 3)
        {
            return true;
        }

        if (number.Before == (byte)'(' && number.Length(0) == 2 && number.Length(1) is 4 or 5 && number.Length(2) == 4 && number.Separator(2) is (byte)'-' or (byte)' ' && number.EndsAt(3))
        {
            return true;
        }

        standsAlone = false;
        return number.HasShape([3, 3, 3], " "u8, out _) || number.HasShape([3, 3, 4], " "u8, out _) || number.HasShape([3, 2, 2, 2], " "u8, out _)
            ? (groups = number.HasShape([3, 2, 2, 2], " "u8, out _) ? 4 : 3) > 0
            : number.HasShape([3, 7], " -"u8, out _) && (groups = 2) > 0;
    }
}
