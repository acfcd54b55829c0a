using Telemetry.Processor.Write;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Consume;

/// <summary>What a lane does with the records of one topic: decode them into a batch, and write the batch once. Owned by one lane.</summary>
internal interface IBatchWork : IDisposable
{
    /// <summary>Items in the batch at hand.</summary>
    int Count { get; }

    /// <summary>Nanoseconds since 1970 at which the newest item ended; 0 when there is none.</summary>
    ulong Newest { get; }

    /// <summary>Why the last attempt to write failed; null when writing goes well.</summary>
    string? Problem { get; }

    /// <summary>Brings back what it must know of earlier batches, once, when the partition has been assigned.</summary>
    Task LoadAsync(ISpanLogLane lane, NotedRange replayed, CancellationToken cancellation);

    /// <summary>Starts a new batch.</summary>
    void Clear();

    /// <summary>Adds a record; null on success, else why it cannot be decoded, and nothing of it is in the batch.</summary>
    string? Decode(ReadOnlyMemory<byte> record, long offset);

    /// <summary>Processes the batch and writes it; completes when its rows are visible.</summary>
    /// <param name="range">Its range in the log.</param>
    /// <param name="records">Number of records.</param>
    /// <param name="noted">The range as it was noted before a restart; null for a new batch, which is noted here.</param>
    /// <param name="cancellation">Gives up; nothing is committed then.</param>
    Task WriteAsync(NotedRange range, int records, NotedRange? noted, CancellationToken cancellation);
}
