using Telemetry.Processor.Decode;
using Telemetry.Processor.Write;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Consume;

/// <summary>The work on dead letters: they are copied to <c>dead_letters</c>, where people look. What is no envelope of ours is copied as it is.</summary>
internal sealed class DeadLetterWork(LaneInserts inserts, int partition) : IBatchWork
{
    private readonly DeadLetterRows _rows = new(partition);

    /// <inheritdoc />
    public int Count => _rows.Block.RowCount;

    /// <inheritdoc />
    public ulong Newest => 0;

    /// <inheritdoc />
    public string? Problem => inserts.Problem;

    /// <inheritdoc />
    public Task LoadAsync(ISpanLogLane lane, NotedRange replayed, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc />
    public void Clear() => _rows.Block.Clear();

    /// <inheritdoc />
    public string? Decode(ReadOnlyMemory<byte> record, long offset)
    {
        _rows.Append(DeadLetter.Read(record), offset);
        return null;
    }

    /// <inheritdoc />
    public async Task WriteAsync(NotedRange range, int records, NotedRange? noted, CancellationToken cancellation)
    {
        await inserts.NoteAsync(range, records, 0, 0, noted is not null, cancellation);
        await inserts.InsertAsync("dead_letters", _rows.Block, range, cancellation);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        // Nothing is held.
    }
}
