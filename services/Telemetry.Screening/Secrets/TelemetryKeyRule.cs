using System.Buffers;
using Telemetry.Screening.Scan;
using Telemetry.Screening.Words;

namespace Telemetry.Screening.Secrets;

/// <summary>Our own keys and tokens: <c>tk_</c> or <c>ta_</c>, an id of 10 characters of base 32, and 59 more.</summary>
internal sealed class TelemetryKeyRule : IWordRule
{
    private const int Length = 73;
    private const int IdEnd = 13;

    private static readonly SearchValues<byte> s_characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz234567"u8);

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.Secret;

    /// <inheritdoc />
    public string Name => "telemetry_key";

    /// <inheritdoc />
    public Found Match(ReadOnlySpan<byte> text, int start, int end)
    {
        ReadOnlySpan<byte> word = text[start..end];
        bool isKey = word.Length == Length && (word.StartsWith("tk_"u8) || word.StartsWith("ta_"u8)) && word[IdEnd] == (byte)'_'
            && !word[3..IdEnd].ContainsAnyExcept(s_characters) && !word[(IdEnd + 1)..].ContainsAnyExcept(s_characters);
        return isKey ? new Found(start, end) : Found.Nothing;
    }
}
