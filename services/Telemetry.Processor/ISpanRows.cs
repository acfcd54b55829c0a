using Telemetry.Processor.Decode;

namespace Telemetry.Processor;

/// <summary>The rows that a batch of spans becomes.</summary>
internal interface ISpanRows
{
    /// <summary>Starts a new batch.</summary>
    void Clear();

    /// <summary>Adds spans that have passed all stages.</summary>
    void Append(ReadOnlySpan<SpanItem> items);

    /// <summary>Takes back all rows of spans, which are named by <see cref="SpanItem.Index"/>.</summary>
    void Remove(IReadOnlyCollection<int> indexes);
}
