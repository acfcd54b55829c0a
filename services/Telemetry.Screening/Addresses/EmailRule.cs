using System.Buffers;
using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Addresses;

/// <summary>
/// E-mail addresses: a local part of the characters that providers allow, a domain of labels with letters at its end. File names with a scale (image@2x.png),
/// package versions and Git remotes look alike and are none.
/// </summary>
internal static class EmailRule
{
    /// <summary>Name of the rule.</summary>
    public const string Name = "email";

    private const int LongestLocal = 64;
    private const int LongestDomain = 255;
    private const int LongestTopLevel = 24;

    private static readonly SearchValues<byte> DomainCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"u8);

    private static readonly byte[][] FileEndings =
        ["png"u8.ToArray(), "jpg"u8.ToArray(), "jpeg"u8.ToArray(), "gif"u8.ToArray(), "webp"u8.ToArray(), "svg"u8.ToArray(), "css"u8.ToArray(), "js"u8.ToArray(), "json"u8.ToArray(), "txt"u8.ToArray(), "html"u8.ToArray(), "xml"u8.ToArray()];

    /// <summary>The address around an at-sign, if it is one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Offset of the at-sign.</param>
    /// <param name="sign">Its length: one byte, or three where it is percent-encoded.</param>
    /// <param name="floor">Nothing before this is looked at.</param>
    /// <param name="work">What was looked at is added here.</param>
    public static Found Match(ReadOnlySpan<byte> text, int at, int sign, int floor, ref long work)
    {
        int start = at;
        while (start > floor && at - start < LongestLocal && IsLocal(text, start - 1))
        {
            start--;
        }

        while (start < at && text[start] is (byte)'.' or (byte)'-' or (byte)'+' or (byte)'%' or >= 0x80 and < 0xC0)
        {
            start++;
        }

        work += at - start;
        if (start == at || text[at - 1] == (byte)'.')
        {
            return Found.Nothing;
        }

        int from = at + sign;
        ReadOnlySpan<byte> domain = text.Slice(from, Math.Min(LongestDomain, text.Length - from));
        int length = domain.IndexOfAnyExcept(DomainCharacters);
        domain = length < 0 ? domain : domain[..length];
        work += domain.Length;
        domain = domain.TrimEnd(".-"u8);
        return IsDomain(ref domain) && !IsRemote(text, start, at, from + domain.Length) ? new Found(start, from + domain.Length) : Found.Nothing;
    }

    // Cuts what does not belong to the domain off its end: the next sentence, where no space parts them.
    private static bool IsDomain(ref ReadOnlySpan<byte> domain)
    {
        int dot = domain.LastIndexOf((byte)'.');
        if (dot < 1 || domain[0] is (byte)'.' or (byte)'-' || domain.IndexOf(".."u8) >= 0)
        {
            return false;
        }

        ReadOnlySpan<byte> topLevel = domain[(dot + 1)..];
        if (topLevel.Length is < 2 or > LongestTopLevel || (topLevel.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0 && !topLevel.StartsWith("xn--"u8)) || (topLevel.Contains((byte)'-') && !topLevel.StartsWith("xn--"u8)))
        {
            return false;
        }

        foreach (byte[] ending in FileEndings)
        {
            if (topLevel.SequenceEqual(ending))
            {
                return false;
            }
        }

        return true;
    }

    // git@github.com:owner/repository
    private static bool IsRemote(ReadOnlySpan<byte> text, int start, int at, int end) => Characters.At(text, end) == (byte)':' && text[start..at].SequenceEqual("git"u8);

    // Latin letters with accents count, so that nothing of the name is left standing before the mask.
    private static bool IsLocal(ReadOnlySpan<byte> text, int at)
    {
        byte b = text[at];
        return Characters.IsAlphanumeric(b) || b is (byte)'.' or (byte)'_' or (byte)'%' or (byte)'+' or (byte)'-' or (byte)'\''
            || (b is >= 0x80 and < 0xC0 && Characters.At(text, at - 1) is >= 0xC3 and <= 0xC5) || (b is >= 0xC3 and <= 0xC5);
    }
}
