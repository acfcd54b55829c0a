using System.Buffers;
using Telemetry.Screening.Scan;

namespace Telemetry.Screening.Secrets;

/// <summary>Private keys in PEM blocks (RFC 7468), from the first dash to the last; of a block that is cut off, all that is left of it.</summary>
internal static class PrivateKeyRule
{
    /// <summary>Name of the rule.</summary>
    public const string Name = "private_key";

    private const int LongestLabel = 48;
    private const int LongestBlock = 16 << 10;

    private static readonly SearchValues<byte> BlockEnd = SearchValues.Create("\"'<>{}"u8);

    /// <summary>How a block begins.</summary>
    public static ReadOnlySpan<byte> Prefix => "-----BEGIN "u8;

    /// <summary>The block that begins at an offset, if it is one of a private key.</summary>
    public static Found Match(ReadOnlySpan<byte> text, int start)
    {
        ReadOnlySpan<byte> label = text.Slice(start + Prefix.Length, Math.Min(LongestLabel, text.Length - start - Prefix.Length));
        int labelEnd = label.IndexOf("-----"u8);
        if (labelEnd < 0 || label[..labelEnd].IndexOf("PRIVATE KEY"u8) < 0)
        {
            return Found.Nothing;
        }

        int body = start + Prefix.Length + labelEnd + 5;
        ReadOnlySpan<byte> rest = text.Slice(body, Math.Min(LongestBlock, text.Length - body));
        int close = rest.IndexOf("-----END "u8);
        if (close < 0)
        {
            int stop = rest.IndexOfAny(BlockEnd);
            return new Found(start, stop < 0 ? body + rest.Length : body + stop);
        }

        int closeLabel = rest[(close + 9)..].IndexOf("-----"u8);
        return new Found(start, closeLabel < 0 ? body + rest.Length : body + close + 9 + closeLabel + 5);
    }
}
