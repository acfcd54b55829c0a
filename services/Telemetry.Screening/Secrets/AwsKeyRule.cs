using Telemetry.Screening.Scan;
using Telemetry.Screening.Words;

namespace Telemetry.Screening.Secrets;

/// <summary>AWS access key ids: AKIA (lasting) or ASIA (temporary) and sixteen characters of base 32.</summary>
internal sealed class AwsKeyRule : IWordRule
{
    /// <summary>Characters of a key id.</summary>
    public const int Length = 20;

    /// <summary>How a lasting key begins; looked for by itself, because it need not hold a digit.</summary>
    public static ReadOnlySpan<byte> Prefix => "AKIA"u8;

    /// <inheritdoc />
    public PiiKind Kind => PiiKind.Secret;

    /// <inheritdoc />
    public string Name => "aws_access_key";

    /// <inheritdoc />
    public Found Match(ReadOnlySpan<byte> text, int start, int end)
    {
        ReadOnlySpan<byte> word = text[start..end];
        if (word.Length != Length || !(word.StartsWith(Prefix) || word.StartsWith("ASIA"u8)))
        {
            return Found.Nothing;
        }

        foreach (byte b in word)
        {
            if (!Characters.IsUpper(b) && b is not (>= (byte)'2' and <= (byte)'7'))
            {
                return Found.Nothing;
            }
        }

        return new Found(start, end);
    }
}
