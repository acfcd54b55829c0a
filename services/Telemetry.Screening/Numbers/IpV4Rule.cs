using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Numbers;

/// <summary>IP addresses of version 4. Versions of software look the same: none is found behind a word for one, nor the addresses that name no machine.</summary>
internal sealed class IpV4Rule : INumberRule
{
    private static readonly Context Versions = new(16, "version*", "ver.", "release", "build", "firmware", "chrome", "section", "edge", "safari", "§", "oid");

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.IpAddress;

    /// <inheritdoc />
    public string Name => "ipv4";

    /// <inheritdoc />
    public int FewestDigits => 4;

    /// <inheritdoc />
    public Found Match(in NumberCandidate number)
    {
        if (number.Groups < 4 || number.Separator(1) != (byte)'.' || number.Separator(2) != (byte)'.' || number.Separator(3) != (byte)'.')
        {
            return Found.Nothing;
        }

        int digit = 0;
        int first = 0;
        for (int group = 0; group < 4; group++)
        {
            int value = 0;
            int length = number.Length(group);
            bool isPadded = length > 1 && number.Digits[digit] == 0;
            for (int i = 0; i < length; i++)
            {
                value = Math.Min(1000, (value * 10) + number.Digits[digit++]);
            }

            if (value > 255 || isPadded)
            {
                return Found.Nothing;
            }

            first = group == 0 ? value : first;
        }

        int end = number.EndOf(3);
        bool goesOn = Characters.IsWordAt(number.Text, end) || (Characters.At(number.Text, end) is (byte)'.' or (byte)'-' && Characters.IsDigit(Characters.At(number.Text, end + 1)));
        return goesOn || first is 0 or 127 or 255 || Versions.IsBefore(number.Text, number.Start) ? Found.Nothing : new Found(number.Start, end);
    }
}
