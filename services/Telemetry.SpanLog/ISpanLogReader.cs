namespace Telemetry.SpanLog;

/// <summary>One member of a reader group. Partitions come and go as members join, leave and die.</summary>
public interface ISpanLogReader : IAsyncDisposable
{
    /// <summary>
    /// Yields a lane for each partition at the moment it is assigned to this member, until cancelled. The caller runs the lanes
    /// concurrently and disposes each one when it has stopped with it; a partition is given to another member only after its lane
    /// was disposed or a bounded time has passed since <see cref="ISpanLogLane.Revoked"/> fired.
    /// </summary>
    IAsyncEnumerable<ISpanLogLane> LanesAsync(CancellationToken cancellationToken);
}

/// <summary>One assigned partition, read in order by exactly one caller. Members are not thread-safe, except <see cref="Revoked"/> and <see cref="Lag"/>.</summary>
public interface ISpanLogLane : IAsyncDisposable
{
    /// <summary>The topic.</summary>
    string Topic { get; }

    /// <summary>The partition number, from 0.</summary>
    int Partition { get; }

    /// <summary>
    /// Names this incarnation of the log. A log that was deleted and made anew counts its offsets from the start again under another
    /// name, so that what was noted of the old one is never taken for the new one. Empty where the log cannot tell (Kafka: a topic that is
    /// deleted and created again must get a new name, or its old batches must leave <c>span_log_batches</c>).
    /// </summary>
    string LogId { get; }

    /// <summary>
    /// Whether no other process can read the partition as long as this one does (local log: its directory is locked). Elsewhere a reader that does not know
    /// yet that it lost the partition may go on for a while beside its successor.
    /// </summary>
    bool IsExclusive { get; }

    /// <summary>Fires when the partition is about to be given to another member; the lane should finish or drop its batch and be disposed.</summary>
    CancellationToken Revoked { get; }

    /// <summary>Where reading starts: the group's committed offset, or the oldest kept record when nothing was committed.</summary>
    long StartOffset { get; }

    /// <summary>Starts reading at <paramref name="offset"/> instead; only before the first <see cref="ReadAsync"/> or between two of them.</summary>
    void Seek(long offset);

    /// <summary>
    /// Appends to <paramref name="records"/> what is there, waiting for at least one record until <paramref name="maxWait"/> has passed.
    /// Returns the number appended; 0 after an idle wait. Reads ahead a bounded number of bytes, never more. The values stay valid until
    /// <see cref="Release"/>.
    /// </summary>
    ValueTask<int> ReadAsync(List<SpanLogRecord> records, int maxRecords, int maxBytes, TimeSpan maxWait, CancellationToken cancellationToken);

    /// <summary>The caller is done with the values of all records that were read so far, so their buffers may be used again.</summary>
    void Release();

    /// <summary>Durably notes that the group has finished everything before <paramref name="nextOffset"/>.</summary>
    ValueTask CommitAsync(long nextOffset, CancellationToken cancellationToken);

    /// <summary>What is in the partition behind the last record read: records (Kafka) or bytes (local); null when not known yet.</summary>
    long? Lag { get; }
}

/// <summary>One record that was read.</summary>
/// <param name="Offset">Its offset.</param>
/// <param name="NextOffset">The offset to read or commit next.</param>
/// <param name="Value">Its bytes, valid until <see cref="ISpanLogLane.Release"/>.</param>
public readonly record struct SpanLogRecord(long Offset, long NextOffset, ReadOnlyMemory<byte> Value);
