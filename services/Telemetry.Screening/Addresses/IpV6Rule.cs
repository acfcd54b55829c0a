using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Addresses;

/// <summary>
/// IP addresses of version 6 (RFC 4291): eight groups of hexadecimal digits, or fewer with one double colon. Times, MAC addresses and names with double colons
/// look alike: without a double colon there must be eight groups, with one at least one group with a digit.
/// </summary>
internal static class IpV6Rule
{
    /// <summary>Name of the rule.</summary>
    public const string Name = "ipv6";

    private const int Longest = 39;

    /// <summary>The address whose first colon stands at an offset, if it is one.</summary>
    public static Found Match(ReadOnlySpan<byte> text, int colon, int floor, ref long work)
    {
        int start = colon;
        while (start > floor && colon - start < 5 && Characters.Hexadecimal.Contains(text[start - 1]))
        {
            start--;
        }

        work++;
        bool isCompressed = start == colon;
        if (colon - start > 4 || Characters.IsWordAt(text, start - 1) || (isCompressed && Characters.At(text, colon + 1) != (byte)':')
            || Characters.At(text, start - 1) is (byte)'.' or (byte)':' or (byte)'-')
        {
            return Found.Nothing;
        }

        int end = ReadGroups(text, start, ref work, out int groups, out bool hasDigit, out bool hasDouble);
        bool isWhole = hasDouble ? groups is >= 2 and <= 7 && hasDigit && end - start >= 6 : groups == 8;
        return isWhole && !Characters.IsWordAt(text, end) && Characters.At(text, end) != (byte)':' ? new Found(start, end) : Found.Nothing;
    }

    private static int ReadGroups(ReadOnlySpan<byte> text, int start, ref long work, out int groups, out bool hasDigit, out bool hasDouble)
    {
        int at = start;
        int end = start;
        groups = 0;
        hasDigit = hasDouble = false;
        while (at < text.Length && at - start <= Longest)
        {
            int first = at;
            while (at < text.Length && at - first < 5 && Characters.Hexadecimal.Contains(text[at]))
            {
                hasDigit |= Characters.IsDigit(text[at++]);
            }

            groups += at > first ? 1 : 0;
            end = at > first ? at : end;
            if (at - first > 4 || Characters.At(text, at) != (byte)':')
            {
                break;
            }

            at++;
            if (Characters.At(text, at) == (byte)':')
            {
                if (hasDouble)
                {
                    break;
                }

                hasDouble = true;
                at++;
                end = at;
            }
        }

        work += at - start;
        return end;
    }
}
