using System.Text;

namespace Telemetry.Processor.Screen.Rules;

/// <summary>Finish reasons that mean one thing. Case does not matter, nor whether words are parted by dashes, underscores or not at all.</summary>
internal sealed class FinishReasonSet(params string[] reasons)
{
    private const int Longest = 48;

    private readonly byte[][] _reasons = [.. reasons.Select(r => Encoding.ASCII.GetBytes(r.Replace("_", "", StringComparison.Ordinal)))];

    /// <summary>Whether one of the reasons is of this set.</summary>
    public bool HasOneOf(List<ReadOnlyMemory<byte>> reasons)
    {
        foreach (ReadOnlyMemory<byte> reason in reasons)
        {
            if (Has(reason.Span))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a reason is of this set. What stands before a dot or colon is a namespace.</summary>
    public bool Has(ReadOnlySpan<byte> reason)
    {
        reason = reason[(reason.LastIndexOfAny((byte)'.', (byte)':') + 1)..];
        if (reason.Length is 0 or > Longest)
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[Longest];
        int length = 0;
        foreach (byte b in reason)
        {
            if (b is not ((byte)'_' or (byte)'-' or (byte)' '))
            {
                plain[length++] = (uint)(b - 'A') <= 25 ? (byte)(b | 0x20) : b;
            }
        }

        foreach (byte[] known in _reasons)
        {
            if (plain[..length].SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }
}
