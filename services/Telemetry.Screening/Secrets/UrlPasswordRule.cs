using System.Buffers;
using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Secrets;

/// <summary>The password in a URL or connection string, <c>scheme://user:password@host</c>.</summary>
internal static class UrlPasswordRule
{
    /// <summary>Name of the rule.</summary>
    public const string Name = "url_password";

    private const int Longest = 256;

    private static readonly SearchValues<byte> UrlEnd = SearchValues.Create(" \t\r\n\"'`<>@"u8);

    /// <summary>The password before an at-sign, if there is one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Offset of the at-sign.</param>
    /// <param name="floor">Nothing before this is looked at.</param>
    /// <param name="work">What was looked at is added here.</param>
    public static Found Match(ReadOnlySpan<byte> text, int at, int floor, ref long work)
    {
        ReadOnlySpan<byte> before = text[Math.Max(floor, at - Longest)..at];
        int start = before.LastIndexOfAny(UrlEnd) + 1;
        before = before[start..];
        work += before.Length;
        int scheme = before.IndexOf("://"u8);
        if (scheme < 1)
        {
            return Found.Nothing;
        }

        ReadOnlySpan<byte> user = before[(scheme + 3)..];
        int colon = user.IndexOf((byte)':');
        int length = user.Length - colon - 1;
        return colon >= 0 && length > 0 && user[..colon].IndexOf((byte)'/') < 0 && user[(colon + 1)..].IndexOf((byte)'/') < 0 && user[colon + 1] is not ((byte)'$' or (byte)'{' or (byte)'*' or (byte)'[')
            ? new Found(at - length, at)
            : Found.Nothing;
    }
}
