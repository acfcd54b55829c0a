namespace Telemetry.Processor.Write;

/// <summary>The right to write the batches of a partition. Of two claims the later one counts: by epoch, then by owner.</summary>
/// <param name="Epoch">Grows with each claim on the partition; 0 where the log admits one process only, so that nobody else can have it.</param>
/// <param name="Owner">Random, so that two claims are never equal.</param>
internal readonly record struct LaneClaim(ulong Epoch, string Owner) : IComparable<LaneClaim>
{
    /// <summary>No claim is needed.</summary>
    public static LaneClaim Exclusive => new(0, "");

    /// <inheritdoc />
    public int CompareTo(LaneClaim other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : string.CompareOrdinal(Owner, other.Owner);
}

/// <summary>Another Processor has claimed the partition; nothing of the batch at hand was inserted.</summary>
internal sealed class LaneOvertakenException(string message) : Exception(message);
