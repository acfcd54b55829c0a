using Telemetry.Screening.Scan;
using Telemetry.Screening.Words;

namespace Telemetry.Screening.Secrets;

/// <summary>
/// Keys that begin with what their issuer chose to be recognised by. Names of styles and files may begin alike, so a key must be long and must not be made of
/// words: it has a digit, and every fifth place or more changes between digits, small letters and capitals.
/// </summary>
/// <param name="name">Name of the rule.</param>
/// <param name="fewest">Fewest characters behind the prefix.</param>
/// <param name="prefixes">The prefixes.</param>
internal sealed class SecretTokenRule(string name, int fewest, params byte[][] prefixes) : IWordRule
{
    /// <inheritdoc />
    public PiiKind Kind => PiiKind.Secret;

    /// <inheritdoc />
    public string Name => name;

    /// <summary>Whether one of its keys may begin with a byte.</summary>
    public bool BeginsWith(byte first) => Array.Exists(prefixes, p => p[0] == first);

    /// <inheritdoc />
    public Found Match(ReadOnlySpan<byte> text, int start, int end)
    {
        ReadOnlySpan<byte> word = text[start..end];
        foreach (byte[] prefix in prefixes)
        {
            if (word.Length >= prefix.Length + fewest && word.StartsWith(prefix) && IsRandom(word[prefix.Length..]))
            {
                return new Found(start, end);
            }
        }

        return Found.Nothing;
    }

    // Words and numbers parted by dashes, as in sk-button-primary-2, do not change within; random characters change at every second place or so.
    private static bool IsRandom(ReadOnlySpan<byte> key)
    {
        key = key[..Math.Min(key.Length, 64)];
        int changes = 0;
        bool hasDigit = false;
        for (int i = 1; i < key.Length; i++)
        {
            hasDigit |= Characters.IsDigit(key[i]);
            changes += Characters.IsAlphanumeric(key[i]) && Characters.IsAlphanumeric(key[i - 1]) && ClassOf(key[i]) != ClassOf(key[i - 1]) ? 1 : 0;
        }

        return hasDigit && changes * 5 >= key.Length;
    }

    private static int ClassOf(byte b) => Characters.IsDigit(b) ? 0 : Characters.IsUpper(b) ? 1 : 2;
}
