using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Telemetry.Hosting.Observability;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Write;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Consume;

/// <summary>
/// One partition from the log to ClickHouse, in order, on one logical thread: read a batch, run the stages over it, write it, commit. Bounded by its batch; a slow
/// ClickHouse makes it read slower, and the log keeps what is not read.
/// </summary>
internal sealed partial class Lane(
    ISpanLogLane source, ISpanLog log, Func<LaneClaim, IBatchWork> createWork, LargeLetters largeLetters, BatchNotes notes, BatchOptions options, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeadLetterPause = TimeSpan.FromSeconds(1);

    private readonly List<SpanLogRecord> _records = [];
    private readonly LaneProgress _progress = new();
    private IBatchWork? _work;
    private long _committed = source.StartOffset;
    private long _read = source.StartOffset;
    private volatile string? _waiting;

    /// <summary>Topic and partition.</summary>
    public string Name => $"{source.Topic}/{source.Partition}";

    /// <summary>Why it makes no progress; null when it does.</summary>
    public string? Problem => _waiting ?? largeLetters.Problem ?? _work?.Problem;

    /// <summary>The topic.</summary>
    public string Topic => source.Topic;

    /// <summary>The partition.</summary>
    public int Partition => source.Partition;

    /// <summary>What is not finished, the batch at hand included: records (Kafka) or bytes (local); null when not known yet.</summary>
    public long? Lag => source.Lag is { } unread ? unread + Math.Max(0, Interlocked.Read(ref _read) - Interlocked.Read(ref _committed)) : null;

    /// <summary>Incarnation of the log.</summary>
    public string LogId => source.LogId;

    /// <summary>Everything that was in the partition at this time is written; null when not known yet.</summary>
    public DateTimeOffset? PassedAt => _progress.PassedAt;

    private IBatchWork Work => _work!;

    /// <summary>Runs until stopped or revoked.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop, source.Revoked);
        try
        {
            while (!ended.IsCancellationRequested)
            {
                await RunClaimedAsync(ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The batch is dropped, not lost: its range is not committed, and the next owner replays it.
        }
        finally
        {
            _work?.Dispose();
            await source.DisposeAsync();
        }
    }

    // Ends when another Processor has claimed the partition. Either this one will hear soon that it lost it, or the other one did and claimed in vain; then
    // it is claimed again, with all that was remembered brought back anew.
    private async Task RunClaimedAsync(CancellationToken cancellation)
    {
        LaneClaim claim = await AskAsync(() => notes.ClaimAsync(source, cancellation), cancellation);
        _work?.Dispose();
        _work = createWork(claim);
        try
        {
            await ReplayAsync(cancellation);
            while (true)
            {
                await ReadBatchAsync(cancellation);
                if (_records.Count > 0)
                {
                    await FinishAsync(noted: null, cancellation);
                }

                LookAtProgress();
            }
        }
        catch (LaneOvertakenException e)
        {
            ProcessorMetrics.Overtaken.Add(1);
            LogOvertaken(Name, e.Message);
        }

        await Task.Delay(IdleWait, time, cancellation);
        source.Seek(_committed);
        Interlocked.Exchange(ref _read, _committed);
    }

    // Between two batches, when everything read is written. While brokers are away, a partition that seems idle may have records that nobody has seen.
    private void LookAtProgress()
    {
        DateTimeOffset now = time.GetUtcNow();
        if (log.UnavailableReason is null)
        {
            _progress.Look(now, _committed, _committed + source.Lag);
        }
    }

    // What was noted before a crash is written again as it was; ClickHouse drops what it has.
    private async Task ReplayAsync(CancellationToken cancellation)
    {
        IReadOnlyList<NotedRange> ranges = await AskAsync(() => notes.NotedFromAsync(source, _committed, cancellation), cancellation);
        NotedRange all = ranges.Count > 0 ? new NotedRange(ranges[0].First, ranges[^1].Next) : default;
        await AskAsync(
            async () =>
            {
                await Work.LoadAsync(source, all, cancellation);
                return true;
            },
            cancellation);
        foreach (NotedRange range in ranges)
        {
            source.Seek(range.First);
            if (await ReadRangeAsync(range, cancellation))
            {
                LogReplay(Name, range.First, range.Next, _records.Count);
                await FinishAsync(range, cancellation);
            }
        }
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                T answer = await ask();
                _waiting = null;
                return answer;
            }
            catch (ClickHouse.Client.ClickHouseException e)
            {
                _waiting = $"waiting for ClickHouse: {e.Message}";
                LogWaiting(Name, e.Message);
            }

            await Task.Delay(IdleWait, time, cancellation);
        }
    }

    // False when retention has taken the range from the log, or its beginning: then it cannot be written as it was, and what is left of it is read as new.
    private async Task<bool> ReadRangeAsync(NotedRange range, CancellationToken cancellation)
    {
        StartBatch();
        while (_records.Count == 0 || _records[^1].NextOffset < range.Next)
        {
            // One record at a time: the range must end exactly where it ended before.
            if (await source.ReadAsync(_records, maxRecords: 1, int.MaxValue, IdleWait, cancellation) == 0)
            {
                // Brokers that are away for a while are no reason to go on without it.
                _waiting = $"waiting for the noted range {range.First} to {range.Next} of the span log";
                continue;
            }

            _waiting = null;
            if (_records.Count == 1 && _records[0].Offset > range.First)
            {
                LogGone(Name, range.First, range.Next, _records[0].Offset);
                source.Seek(_records[0].Offset);
                StartBatch();
                return false;
            }

            await NoteReadAsync(_records[^1], cancellation);
        }

        return true;
    }

    private async ValueTask NoteReadAsync(SpanLogRecord record, CancellationToken cancellation)
    {
        Interlocked.Exchange(ref _read, record.NextOffset);
        await DecodeAsync(record, cancellation);
    }

    private async Task ReadBatchAsync(CancellationToken cancellation)
    {
        StartBatch();
        long bytes = 0;
        long started = 0;
        while (Work.Count < options.MaxSpans && bytes < options.MaxBytes)
        {
            TimeSpan left = _records.Count == 0 ? IdleWait : options.MaxAge - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            int before = _records.Count;
            await source.ReadAsync(_records, options.MaxSpans, (int)(options.MaxBytes - bytes), left, cancellation);
            for (int i = before; i < _records.Count; i++)
            {
                bytes += _records[i].Value.Length;
                await NoteReadAsync(_records[i], cancellation);
            }

            if (before == 0)
            {
                if (_records.Count == 0)
                {
                    return;
                }

                started = Stopwatch.GetTimestamp();
            }
        }
    }

    private void StartBatch()
    {
        source.Release();
        _records.Clear();
        Work.Clear();
    }

    private async ValueTask DecodeAsync(SpanLogRecord record, CancellationToken cancellation)
    {
        if (Work.Decode(record.Value, record.Offset) is not { } error)
        {
            return;
        }

        ProcessorMetrics.DeadLetters.Add(1);
        LogDeadLetter(Name, record.Offset, error);
        var letter = new DeadLetter(source.Topic, source.Partition, record.Offset, error, time.GetUtcNow(), record.Value);
        AppendResult kept = await AppendLetterAsync(letter.Write(), cancellation);
        if (kept.Status == AppendStatus.Refused)
        {
            // A letter is a third larger than its record, so a very large record has to do without the envelope.
            kept = await AppendLetterAsync(record.Value, cancellation);
        }

        if (kept.Status == AppendStatus.Refused)
        {
            await largeLetters.KeepAsync(letter, cancellation);
        }
    }

    private async ValueTask<AppendResult> AppendLetterAsync(ReadOnlyMemory<byte> letter, CancellationToken cancellation)
    {
        var append = new SpanLogAppend[] { new(source.Partition % log.PartitionCount(SpanLogTopics.DeadLetters), letter) };
        while (true)
        {
            AppendResult result = await log.AppendAsync(SpanLogTopics.DeadLetters, append, cancellation);
            if (result.Status != AppendStatus.Retry)
            {
                _waiting = null;
                return result;
            }

            _waiting = $"cannot keep a dead letter: {result.Reason}";
            await Task.Delay(DeadLetterPause, time, cancellation);
        }
    }

    private async Task FinishAsync(NotedRange? noted, CancellationToken cancellation)
    {
        using Activity? activity = TelemetryMeter.Activities.StartActivity("process batch");
        activity?.SetTag("messaging.destination.partition.id", source.Partition);
        activity?.SetTag("messaging.batch.message_count", _records.Count);
        long started = Stopwatch.GetTimestamp();
        var range = new NotedRange(_records[0].Offset, _records[^1].NextOffset);
        await Work.WriteAsync(range, _records.Count, noted, cancellation);
        await CommitAsync(range.Next, cancellation);
        Interlocked.Exchange(ref _committed, range.Next);
        Measure(started);
    }

    // The rows are written. A commit fails while brokers are away, and when the partition was given to another member; the latter revokes the lane.
    private async Task CommitAsync(long next, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await source.CommitAsync(next, cancellation);
                _waiting = null;
                return;
            }
            catch (SpanLogException e)
            {
                _waiting = $"cannot commit: {e.Message}";
                LogCommit(Name, e.Message);
            }

            await Task.Delay(IdleWait, time, cancellation);
        }
    }

    private void Measure(long started)
    {
        const double NanosecondsPerSecond = 1e9;
        ProcessorMetrics.BatchSize.Record(Work.Count);
        ProcessorMetrics.BatchDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        if (Work.Newest is > 0 and var newest)
        {
            ProcessorMetrics.Freshness.Record((time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds - (newest / NanosecondsPerSecond));
        }
    }

    [LoggerMessage(LogLevel.Information, "{Lane}: replaying the noted range {First} to {Next}, {Records} records")]
    private partial void LogReplay(string lane, long first, long next, int records);

    [LoggerMessage(LogLevel.Warning, "{Lane}: the batch at hand is dropped, its records are read again by whoever has the partition: {Reason}")]
    private partial void LogOvertaken(string lane, string reason);

    [LoggerMessage(LogLevel.Warning, "{Lane}: waiting for ClickHouse: {Reason}")]
    private partial void LogWaiting(string lane, string reason);

    [LoggerMessage(LogLevel.Warning, "{Lane}: {Reason}; tried again")]
    private partial void LogCommit(string lane, string reason);

    [LoggerMessage(LogLevel.Error, "{Lane}: the noted range {First} to {Next} is no longer in the log, which begins at {Offset}")]
    private partial void LogGone(string lane, long first, long next, long offset);

    [LoggerMessage(LogLevel.Error, "{Lane}: the record at {Offset} goes to the dead letters: {Reason}")]
    private partial void LogDeadLetter(string lane, long offset, string reason);
}
