using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Telemetry.SpanLog.Kafka;

/// <summary>One assigned partition: messages come from the poll loop through a queue bounded in bytes.</summary>
internal sealed class KafkaLane : ISpanLogLane
{
    private readonly IConsumer<Ignore, byte[]> _consumer;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Action _left;
    private readonly int _readAhead;
    private readonly CancellationTokenSource _revoked = new();
    private readonly SpanLogMetrics.LagSource _lag;
    private readonly Lock _gate = new();
    private readonly Queue<(long Offset, byte[] Value)> _queue = new();
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _queuedBytes;
    private long _position = -1;
    private long _expected = -1;
    private long _high = -1;
    private long? _seek;
    private bool _paused;
    private volatile bool _fenced;
    private volatile bool _disposed;
    private volatile bool _offered;

    public KafkaLane(
        IConsumer<Ignore, byte[]> consumer, TopicPartition partition, string group, int readAhead, ILogger logger, TimeProvider time, Action left)
    {
        _consumer = consumer;
        TopicPartition = partition;
        _readAhead = readAhead;
        _logger = logger;
        _time = time;
        _left = left;
        Revoked = _revoked.Token;
        _lag = new SpanLogMetrics.LagSource(group, this);
    }

    public TopicPartition TopicPartition { get; }

    public bool IsDisposed => _disposed;

    public bool IsOffered => _offered;

    /// <summary>Whether nothing is fetched, because the caller has enough.</summary>
    public bool IsPaused => _paused;

    /// <inheritdoc />
    public string Topic => TopicPartition.Topic;

    /// <inheritdoc />
    public string LogId => "";

    /// <inheritdoc />
    public bool IsExclusive => false;

    /// <inheritdoc />
    public int Partition => TopicPartition.Partition.Value;

    /// <inheritdoc />
    public CancellationToken Revoked { get; }

    /// <inheritdoc />
    public long StartOffset { get; private set; }

    /// <inheritdoc />
    public long? Lag
    {
        get
        {
            try
            {
                long high = _disposed || _fenced ? -1 : Math.Max(Interlocked.Read(ref _high), _consumer.GetWatermarkOffsets(TopicPartition).High.Value);
                return high < 0 ? null : Math.Max(0, high - Interlocked.Read(ref _position));
            }
            catch (Exception e) when (e is KafkaException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    /// <inheritdoc />
    public void Seek(long offset)
    {
        lock (_gate)
        {
            _seek = offset;
            _expected = offset;
            Drop();
        }

        Interlocked.Exchange(ref _position, offset);
    }

    /// <inheritdoc />
    public async ValueTask<int> ReadAsync(List<SpanLogRecord> records, int maxRecords, int maxBytes, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        cancellationToken.ThrowIfCancellationRequested();
        long started = _time.GetTimestamp();
        while (!_fenced)
        {
            int count = Take(records, maxRecords, maxBytes, out Task arrived);
            TimeSpan left = maxWait - _time.GetElapsedTime(started);
            if (count > 0 || left <= TimeSpan.Zero)
            {
                return count;
            }

            try
            {
                await arrived.WaitAsync(left, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return 0;
            }
        }

        return 0;
    }

    /// <inheritdoc />
    public void Release()
    {
        // The values are arrays of their own, for the collector to free.
    }

    /// <inheritdoc />
    public async ValueTask CommitAsync(long nextOffset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_fenced || _disposed)
        {
            throw new SpanLogException($"{Topic} partition {Partition} was given to another member of the group; offset {nextOffset} is not committed");
        }

        try
        {
            // The commit itself cannot be given up; one that still gets through later does no harm.
            await Task.Run(() => _consumer.Commit([new TopicPartitionOffset(TopicPartition, nextOffset)]), cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is KafkaException or ObjectDisposedException)
        {
            throw new SpanLogException($"{Topic} partition {Partition}: offset {nextOffset} is not committed: {e.Message}", e);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return ValueTask.CompletedTask;
            }

            _disposed = true;
            _fenced = true;
            Drop();
        }

        SpanLogMetrics.Forget(_lag);
        _revoked.Dispose();
        try
        {
            _left();
        }
        catch (ObjectDisposedException)
        {
            // The reader was disposed before its lane.
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The lane's start is known; it may be given to the caller.</summary>
    public void Begin(long start)
    {
        StartOffset = start;
        Interlocked.Exchange(ref _position, start);
        lock (_gate)
        {
            _expected = _queue.Count > 0 ? _expected : start;
        }

        _offered = true;
        SpanLogMetrics.Observe(_lag);
    }

    /// <summary>Takes a message from the poll loop; true when the lane has enough and the partition should be paused.</summary>
    public bool Add(long offset, byte[] value)
    {
        bool gap;
        bool full;
        long expected;
        lock (_gate)
        {
            if (_fenced || _seek is not null)
            {
                return false;
            }

            expected = _expected;
            gap = expected >= 0 && offset != expected;
            _expected = offset + 1;
            _queue.Enqueue((offset, value));
            _queuedBytes += value.Length;
            full = _queuedBytes >= _readAhead;
            _arrived.TrySetResult();
        }

        if (gap)
        {
            SpanLogMetrics.OutOfRange(Topic);
            _logger.LogWarning("{Topic} partition {Partition}: offset {Expected} was wanted, the log goes on at {Offset}", Topic, Partition, expected, offset);
        }

        return full;
    }

    /// <summary>Called by the poll loop between polls: carries out seeks, pauses a full lane and resumes one with room.</summary>
    public void Serve(IConsumer<Ignore, byte[]> consumer)
    {
        long? seek;
        long queued;
        lock (_gate)
        {
            seek = _offered ? _seek : null;
            queued = _queuedBytes;
        }

        if (seek is { } offset)
        {
            consumer.Seek(new TopicPartitionOffset(TopicPartition, offset));
            lock (_gate)
            {
                // A newer seek stays for the next time.
                _seek = _seek == seek ? null : _seek;
            }
        }

        if (!_paused && queued >= _readAhead)
        {
            consumer.Pause([TopicPartition]);
            _paused = true;
        }
        else if (_paused && queued <= _readAhead / 2)
        {
            consumer.Resume([TopicPartition]);
            _paused = false;
        }
    }

    /// <summary>Asks the broker for the end of the partition: one that is paused is not fetched from, and its end would seem to stand still.</summary>
    public void Measure(IConsumer<Ignore, byte[]> consumer, TimeSpan bound) =>
        Interlocked.Exchange(ref _high, consumer.QueryWatermarkOffsets(TopicPartition, bound).High.Value);

    /// <summary>Lets the lane that follows this one know whether the partition is paused.</summary>
    public void HandPauseTo(KafkaLane next) => next._paused = _paused;

    /// <summary>Asks the lane's caller to stop.</summary>
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
            _logger.LogError(e, "A callback of {Topic} partition {Partition} failed when it was revoked", Topic, Partition);
        }
    }

    /// <summary>From now on the lane reads and commits nothing: the partition belongs to another member.</summary>
    public void Fence()
    {
        _fenced = true;
        SpanLogMetrics.Forget(_lag);
        lock (_gate)
        {
            _arrived.TrySetResult();
        }
    }

    private int Take(List<SpanLogRecord> records, int maxRecords, int maxBytes, out Task arrived)
    {
        int count = 0;
        long bytes = 0;
        lock (_gate)
        {
            while (count < maxRecords && _queue.TryPeek(out (long Offset, byte[] Value) head)
                && (count == 0 || bytes + head.Value.Length <= maxBytes))
            {
                _queue.Dequeue();
                _queuedBytes -= head.Value.Length;
                bytes += head.Value.Length;
                records.Add(new SpanLogRecord(head.Offset, head.Offset + 1, head.Value));
                Interlocked.Exchange(ref _position, head.Offset + 1);
                count++;
            }

            if (count == 0 && !_fenced && _arrived.Task.IsCompleted)
            {
                _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            arrived = _arrived.Task;
        }

        return count;
    }

    private void Drop()
    {
        _queue.Clear();
        _queuedBytes = 0;
    }
}
