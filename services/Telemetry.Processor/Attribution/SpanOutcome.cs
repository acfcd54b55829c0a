using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Attribution;

/// <summary>What was decided on a span other than what it is by itself.</summary>
/// <param name="Index">Its place in the batch.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Reason">Why it is not billed, one of <see cref="NotBilled"/>; empty for the other kinds.</param>
internal readonly record struct SpanOutcome(int Index, SpanOutcomeKind Kind, string Reason)
{
    /// <summary>Notes the outcome on the span.</summary>
    public void ApplyTo(SpanItem item)
    {
        item.IsDropped = Kind == SpanOutcomeKind.Duplicate;
        item.IsCall = Kind == SpanOutcomeKind.Aggregate;
        item.Call.NotBilledBecause = Reason;
        if (item.IsCall)
        {
            item.Call.Flag(Flags.AggregateUsage);
        }
    }
}

/// <summary>Kinds of <see cref="SpanOutcome"/>.</summary>
internal enum SpanOutcomeKind
{
    /// <summary>It came before, and is not written again.</summary>
    Duplicate,

    /// <summary>A wrapper that is billed for want of the calls below it.</summary>
    Aggregate,

    /// <summary>A call that is not billed.</summary>
    NotBilled,
}
