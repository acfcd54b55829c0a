using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Telemetry.Keys;

/// <summary>
/// The form of a key: <c>tk_</c>, a public id of 10 characters, <c>_</c>, a secret of 256 random bits in 52 characters, and a checksum of 7, all base 32 in lower case. A typo is
/// told from a wrong key, and scanners for leaked secrets find <c>tk_[a-z2-7]{10}_[a-z2-7]{59}</c> with next to no false finding.
/// </summary>
public static class KeyText
{
    /// <summary>Characters of the id.</summary>
    public const int IdLength = 10;

    /// <summary>Characters of a whole key.</summary>
    public const int Length = SecretStart + SecretLength + ChecksumLength;

    /// <summary>How ingest keys begin.</summary>
    public const string Prefix = "tk_";

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int SecretStart = 3 + IdLength + 1;
    private const int SecretLength = 52;
    private const int ChecksumLength = 7;
    private const int SecretBytes = 32;
    private const int BitsOfCharacter = 5;

    private static readonly SearchValues<char> s_alphabet = SearchValues.Create(Alphabet);
    private static readonly uint[] s_crc = [.. Enumerable.Range(0, 256).Select(i => CrcOf((uint)i))];

    /// <summary>A new key.</summary>
    /// <param name="prefix">Three characters that tell what it is for.</param>
    public static string Create(string prefix = Prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfNotEqual(prefix.Length, Prefix.Length);
        Span<char> key = stackalloc char[Length];
        prefix.CopyTo(key);
        RandomNumberGenerator.GetItems(Alphabet.AsSpan(), key.Slice(Prefix.Length, IdLength));
        key[SecretStart - 1] = '_';
        Encode(RandomNumberGenerator.GetBytes(SecretBytes), key.Slice(SecretStart, SecretLength));
        WriteChecksum(key[..(SecretStart + SecretLength)], key[(SecretStart + SecretLength)..]);
        return key.ToString();
    }

    /// <summary>Whether a text has the form of a key and its checksum is right; gives its id.</summary>
    public static bool TryReadId(ReadOnlySpan<char> key, out ReadOnlySpan<char> id, string prefix = Prefix)
    {
        id = default;
        if (key.Length != Length || !key.StartsWith(prefix, StringComparison.Ordinal) || key[SecretStart - 1] != '_'
            || key.Slice(Prefix.Length, IdLength).ContainsAnyExcept(s_alphabet) || key[SecretStart..].ContainsAnyExcept(s_alphabet))
        {
            return false;
        }

        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(key[..(SecretStart + SecretLength)], checksum);
        id = key.Slice(Prefix.Length, IdLength);
        return key[(SecretStart + SecretLength)..].SequenceEqual(checksum);
    }

    /// <summary>SHA-256 of a key, into 32 bytes.</summary>
    public static void Hash(ReadOnlySpan<char> key, Span<byte> hash)
    {
        Span<byte> ascii = stackalloc byte[Length];
        int length = Encoding.ASCII.GetBytes(key[..Math.Min(key.Length, Length)], ascii);
        SHA256.HashData(ascii[..length], hash);
        CryptographicOperations.ZeroMemory(ascii);
    }

    /// <summary>SHA-256 of a key as it is kept.</summary>
    public static string HashText(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(key, hash);
        return Convert.ToHexStringLower(hash);
    }

    private static void Encode(ReadOnlySpan<byte> bytes, Span<char> target)
    {
        int bits = 0;
        int held = 0;
        int next = 0;
        for (int i = 0; i < target.Length; i++)
        {
            while (held < BitsOfCharacter)
            {
                bits = (bits << 8) | (next < bytes.Length ? bytes[next++] : 0);
                held += 8;
            }

            held -= BitsOfCharacter;
            target[i] = Alphabet[(bits >> held) & 31];
            bits &= (1 << held) - 1;
        }
    }

    // CRC-32 (IEEE 802.3) of what stands before it.
    private static void WriteChecksum(ReadOnlySpan<char> text, Span<char> target)
    {
        uint crc = uint.MaxValue;
        foreach (char c in text)
        {
            crc = s_crc[(byte)(crc ^ c)] ^ (crc >> 8);
        }

        crc = ~crc;
        for (int i = target.Length - 1; i >= 0; i--)
        {
            target[i] = Alphabet[(int)(crc & 31)];
            crc >>= BitsOfCharacter;
        }
    }

    private static uint CrcOf(uint crc)
    {
        const uint Polynomial = 0xEDB88320;
        for (int bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
        }

        return crc;
    }
}
