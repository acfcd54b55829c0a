using System.Buffers;
using FASTER.core;

namespace Telemetry.SpanLog.Local;

/// <summary>Reads one partition in order from the group's cursor.</summary>
internal sealed class LocalLane : ISpanLogLane
{
    private readonly LocalPartition _partition;
    private readonly LocalGroup _group;
    private readonly CursorFile _cursor;
    private readonly RentedMemory _pool = new();
    private FasterLogScanIterator? _iterator;
    private long _next;
    private bool _disposed;

    public LocalLane(string topic, LocalPartition partition, LocalGroup group, CancellationToken revoked)
    {
        Topic = topic;
        _partition = partition;
        _group = group;
        Revoked = revoked;
        _cursor = new CursorFile(Path.Combine(partition.Directory, group.Name + ".cursor"));
        StartOffset = Math.Max(_cursor.Read() ?? 0, partition.Log.BeginAddress);
        _next = StartOffset;
    }

    /// <inheritdoc />
    public string Topic { get; }

    /// <inheritdoc />
    public int Partition => _partition.Number;

    /// <inheritdoc />
    public CancellationToken Revoked { get; }

    /// <inheritdoc />
    public long StartOffset { get; }

    /// <inheritdoc />
    public long? Lag => Math.Max(0, _partition.Log.CommittedUntilAddress - Volatile.Read(ref _next));

    /// <inheritdoc />
    public void Seek(long offset)
    {
        _iterator?.Dispose();
        _iterator = null;
        Volatile.Write(ref _next, Math.Max(offset, _partition.Log.BeginAddress));
    }

    /// <inheritdoc />
    public async ValueTask<int> ReadAsync(List<SpanLogRecord> records, int maxRecords, int maxBytes, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        Task commit = _partition.NextCommit;
        int read = ReadCommitted(records, maxRecords, maxBytes);
        if (read > 0 || maxWait <= TimeSpan.Zero)
        {
            return read;
        }

        try
        {
            await commit.WaitAsync(maxWait, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Idle: the caller may want to close a batch by age.
        }

        return ReadCommitted(records, maxRecords, maxBytes);
    }

    /// <inheritdoc />
    public void Release() => _pool.ReturnAll();

    /// <inheritdoc />
    public ValueTask CommitAsync(long nextOffset, CancellationToken cancellationToken)
    {
        _cursor.Write(nextOffset);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            _iterator?.Dispose();
            _pool.ReturnAll();
            _group.Release(_partition);
        }

        return ValueTask.CompletedTask;
    }

    private int ReadCommitted(List<SpanLogRecord> records, int maxRecords, int maxBytes)
    {
        int count = 0;
        long bytes = 0;
        long until = _partition.Log.CommittedUntilAddress;
        while (count < maxRecords && bytes < maxBytes && _next < until)
        {
            _iterator ??= _partition.Log.Scan(_next, long.MaxValue, scanBufferingMode: ScanBufferingMode.DoublePageBuffering);
            if (!_iterator.GetNext(_pool, out IMemoryOwner<byte> owner, out int length, out long current, out long next))
            {
                break;
            }

            _pool.Keep(owner);
            records.Add(new SpanLogRecord(current, next, owner.Memory[..length]));
            Volatile.Write(ref _next, next);
            bytes += length;
            count++;
        }

        return count;
    }
}
