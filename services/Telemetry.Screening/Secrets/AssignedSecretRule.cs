using System.Text;
using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Secrets;

/// <summary>
/// The value behind a name that says that it is secret: <c>password=</c>, <c>"api_key": "…"</c>, <c>AccountKey=</c>. A password must hold more than small
/// letters; a key or token must be long and mixed. What stands for a value (<c>$VARIABLE</c>, <c>&lt;your key&gt;</c>, a call of a function) is none.
/// </summary>
internal static class AssignedSecretRule
{
    /// <summary>Name of the rule.</summary>
    public const string Name = "assigned_secret";

    private const int LongestName = 40;
    private const int MostJudged = 256;
    private const int ShortestPassword = 6;
    private const int ShortestKey = 16;
    private const double FewestBits = 3;

    private static readonly (byte[] Name, bool IsPassword)[][] NamesByLastByte = Group(
        ["password", "passwd", "pwd", "passphrase", "passwort", "kennwort", "contraseña", "motdepasse"],
        ["apikey", "secretkey", "accesskey", "accountkey", "privatekey", "signingkey", "encryptionkey", "secret", "token", "authorization", "credential"]);

    private static readonly byte[][] Placeholders =
        [.. Words("your", "xxx", "***", "env.", "env[", "process.", "os.", "null", "none", "undefined", "example", "changeme", "redacted", "string", "config.", "settings.", "self.", "this.", "...")];

    /// <summary>The value behind a colon or equals sign, if it is a secret.</summary>
    public static Found Match(ReadOnlySpan<byte> text, int sign, int floor, ref long work)
    {
        int end = sign;
        while (end > floor && text[end - 1] is (byte)' ' or (byte)'"' or (byte)'\'' && sign - end < 3)
        {
            end--;
        }

        int start = end;
        while (start > floor && end - start < LongestName && (Characters.IsWordAt(text, start - 1) || text[start - 1] is (byte)'-' or >= 0x80))
        {
            start--;
        }

        work += sign - start;
        if (end - start < 3)
        {
            return Found.Nothing;
        }

        (byte[] Name, bool IsPassword)[] names = NamesByLastByte[text[end - 1] | 0x20];
        return names.Length > 0 && IsNamed(text[start..end], names, out bool isPassword) ? Value(text, sign + 1, isPassword, ref work) : Found.Nothing;
    }

    private static Found Value(ReadOnlySpan<byte> text, int at, bool isPassword, ref long work)
    {
        for (int skipped = 0; skipped < 4 && Characters.At(text, at) is (byte)' ' or (byte)'"' or (byte)'\'' or (byte)'=' or (byte)'\\' or (byte)'>'; skipped++)
        {
            at++;
        }

        ReadOnlySpan<byte> rest = text[Math.Min(at, text.Length)..];
        int scheme = rest.StartsWith("Bearer "u8) ? 7 : rest.StartsWith("Basic "u8) ? 6 : 0;
        at += scheme;
        rest = rest[scheme..];

        ReadOnlySpan<byte> value = UntilEnd(rest[..Math.Min(rest.Length, MostJudged)]);
        work += value.Length;
        bool isSecret = !IsPlaceholder(value) && (isPassword ? IsPassword(value) : IsKey(value));
        return isSecret ? new Found(at, at + UntilEnd(rest).Length) : Found.Nothing;
    }

    private static ReadOnlySpan<byte> UntilEnd(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny(Characters.ValueEnd);
        return end < 0 ? text : text[..end];
    }

    private static bool IsPassword(ReadOnlySpan<byte> value)
    {
        int small = 0;
        foreach (byte b in value)
        {
            small += b is >= (byte)'a' and <= (byte)'z' ? 1 : 0;
        }

        // A word of the language, capitalised or not, is no password that would have been worth hiding.
        return value.Length >= ShortestPassword && value.Length - small > (Characters.IsUpper(value[0]) ? 1 : 0) && !(value.Length - small == 1 && !Characters.IsAlphanumeric(value[^1]));
    }

    private static bool IsKey(ReadOnlySpan<byte> value)
    {
        bool hasDigit = value.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0;
        return value.Length >= ShortestKey && hasDigit && value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 && Bits(value) >= FewestBits;
    }

    private static bool IsPlaceholder(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value[0] is (byte)'$' or (byte)'{' or (byte)'%' or (byte)'[' or (byte)'*' || value.Contains((byte)'('))
        {
            return true;
        }

        Span<byte> lower = stackalloc byte[16];
        Ascii.ToLower(value[..Math.Min(value.Length, lower.Length)], lower, out int written);
        foreach (byte[] placeholder in Placeholders)
        {
            if (lower[..written].StartsWith(placeholder))
            {
                return true;
            }
        }

        return false;
    }

    // Names are compared without dashes and underscores.
    private static bool IsNamed(ReadOnlySpan<byte> text, (byte[] Name, bool IsPassword)[] names, out bool isPassword)
    {
        Span<byte> plain = stackalloc byte[LongestName];
        int length = 0;
        foreach (byte b in text)
        {
            if (b is not ((byte)'-' or (byte)'_'))
            {
                plain[length++] = Characters.IsUpper(b) ? (byte)(b | 0x20) : b;
            }
        }

        isPassword = false;
        foreach ((byte[] name, bool isOfPassword) in names)
        {
            if (plain[..length].EndsWith(name))
            {
                isPassword = isOfPassword;
                return true;
            }
        }

        return false;
    }

    // Shannon's entropy of the bytes, over the first 128 of them.
    private static double Bits(ReadOnlySpan<byte> value)
    {
        value = value[..Math.Min(value.Length, 128)];
        Span<byte> counts = stackalloc byte[256];
        counts.Clear();
        foreach (byte b in value)
        {
            counts[b]++;
        }

        double bits = 0;
        foreach (byte count in counts)
        {
            if (count > 0)
            {
                double share = (double)count / value.Length;
                bits -= share * Math.Log2(share);
            }
        }

        return bits;
    }

    private static (byte[] Name, bool IsPassword)[][] Group(string[] passwords, string[] keys)
    {
        (byte[] Name, bool IsPassword)[] all = [.. Words(passwords).Select(n => (n, true)), .. Words(keys).Select(n => (n, false))];
        return [.. Enumerable.Range(0, 256).Select(last => all.Where(n => (n.Name[^1] | 0x20) == last).ToArray())];
    }

    private static IEnumerable<byte[]> Words(params string[] words) => words.Select(Encoding.UTF8.GetBytes);
}
