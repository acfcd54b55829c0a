using Microsoft.Extensions.Logging;

namespace Telemetry.SpanLog.Local;

/// <summary>One partition in the hands of one reader of a group.</summary>
internal sealed class LocalLane : ISpanLogLane
{
    private readonly LocalContext _context;
    private readonly LocalPartition _partition;
    private readonly GroupPartition _owner;
    private readonly RecordScan _scan;
    private readonly RecordBuffers _buffers = new();
    private readonly CancellationTokenSource _revoked = new();
    private readonly SpanLogMetrics.LagSource _lag;
    private int _disposed;
    private volatile bool _fenced;

    public LocalLane(LocalContext context, GroupPartition owner, string group, long start)
    {
        _context = context;
        _owner = owner;
        _partition = owner.Partition;
        StartOffset = start;
        _scan = new RecordScan(_partition, start);
        Revoked = _revoked.Token;
        _lag = new SpanLogMetrics.LagSource(group, this);
        SpanLogMetrics.Observe(_lag);
    }

    /// <inheritdoc />
    public string Topic => _partition.Topic;

    /// <inheritdoc />
    public string LogId => _partition.LogId;

    /// <inheritdoc />
    public bool IsExclusive => true;

    /// <inheritdoc />
    public int Partition => _partition.Number;

    /// <inheritdoc />
    public CancellationToken Revoked { get; }

    /// <inheritdoc />
    public long StartOffset { get; }

    /// <inheritdoc />
    public long? Lag => Math.Max(0, _partition.Durable - _scan.Position);

    /// <inheritdoc />
    public void Seek(long offset)
    {
        long begin = _partition.Begin;
        if (offset < begin)
        {
            SpanLogMetrics.OutOfRange(Topic);
            _context.Logger.LogWarning(
                "{Topic} partition {Partition}: offset {Offset} is gone by retention; reading goes on at the oldest kept, {Begin}", Topic, Partition, offset, begin);
            offset = begin;
        }

        _scan.Seek(offset);
    }

    /// <inheritdoc />
    public async ValueTask<int> ReadAsync(List<SpanLogRecord> records, int maxRecords, int maxBytes, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        cancellationToken.ThrowIfCancellationRequested();
        long started = _context.Time.GetTimestamp();
        while (!_fenced)
        {
            // Taken before looking, so that a commit in between is not missed.
            Task next = _partition.NextCommit;
            int count = _scan.HasMore ? _scan.Read(records, _buffers, maxRecords, maxBytes) : 0;
            TimeSpan left = maxWait - _context.Time.GetElapsedTime(started);
            if (count > 0 || left <= TimeSpan.Zero)
            {
                return count;
            }

            try
            {
                await next.WaitAsync(left, _context.Time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return 0;
            }
        }

        return 0;
    }

    /// <inheritdoc />
    public void Release() => _buffers.Release();

    /// <inheritdoc />
    public ValueTask CommitAsync(long nextOffset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (nextOffset < 0 || nextOffset > _partition.Durable)
        {
            throw new ArgumentOutOfRangeException(nameof(nextOffset), nextOffset, $"{Topic} partition {Partition} ends at {_partition.Durable}");
        }

        _owner.Commit(this, nextOffset);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _fenced = true;
            SpanLogMetrics.Forget(_lag);
            _scan.Dispose();
            _buffers.Dispose();
            _owner.Leave(this);
            _revoked.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Asks the lane's caller to stop. Runs callbacks, so not under a lock.</summary>
    public void Revoke()
    {
        try
        {
            _revoked.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Its caller has stopped already.
        }
        catch (AggregateException e)
        {
            _context.Logger.LogError(e, "A callback of {Topic} partition {Partition} failed when it was revoked", Topic, Partition);
        }
    }

    /// <summary>Takes the partition away from a lane that did not stop in time: it reads and commits nothing any more.</summary>
    public void Fence() => _fenced = true;
}
