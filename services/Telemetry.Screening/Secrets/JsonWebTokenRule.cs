using Telemetry.Screening.Scan;
using Telemetry.Screening.Words;

namespace Telemetry.Screening.Secrets;

/// <summary>JSON web tokens: two base64url pieces that begin as JSON objects do, and a signature (RFC 7519).</summary>
internal sealed class JsonWebTokenRule : IWordRule
{
    private const int ShortestPiece = 8;

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.Secret;

    /// <inheritdoc />
    public string Name => "jwt";

    /// <inheritdoc />
    public Found Match(ReadOnlySpan<byte> text, int start, int end)
    {
        if (end - start < ShortestPiece || !text[start..].StartsWith("eyJ"u8) || Characters.At(text, end) != (byte)'.' || !text[(end + 1)..].StartsWith("eyJ"u8))
        {
            return Found.Nothing;
        }

        int rest = text[end..].IndexOfAnyExcept(Characters.Dotted);
        int last = rest < 0 ? text.Length : end + rest;
        while (text[last - 1] == (byte)'.')
        {
            last--;
        }

        return new Found(start, last);
    }
}
