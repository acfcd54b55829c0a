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
    ISpanLogLane source, ISpanLog log, Func<LaneClaim, IBatchWork> createWork, BatchNotes notes, BatchOptions options, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeadLetterPause = TimeSpan.FromSeconds(1);

    private readonly List<SpanLogRecord> _records = [];
    private IBatchWork? _work;
    private long _committed = source.StartOffset;

    /// <summary>Topic and partition.</summary>
    public string Name => $"{source.Topic}/{source.Partition}";

    /// <summary>Why it makes no progress; null when it does.</summary>
    public string? Problem => _work?.Problem;

    /// <summary>What is left behind the last record read.</summary>
    public long? Lag => source.Lag;

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
            }
        }
        catch (LaneOvertakenException e)
        {
            ProcessorMetrics.Overtaken.Add(1);
            LogOvertaken(Name, e.Message);
        }

        await Task.Delay(IdleWait, time, cancellation);
        source.Seek(_committed);
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
            await ReadRangeAsync(range, cancellation);
            if (_records.Count > 0)
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
                return await ask();
            }
            catch (ClickHouse.Client.ClickHouseException e)
            {
                LogWaiting(Name, e.Message);
            }

            await Task.Delay(IdleWait, time, cancellation);
        }
    }

    private async Task ReadRangeAsync(NotedRange range, CancellationToken cancellation)
    {
        StartBatch();
        while (_records.Count == 0 || _records[^1].NextOffset < range.Next)
        {
            // One record at a time: the range must end exactly where it ended before.
            int read = await source.ReadAsync(_records, maxRecords: 1, int.MaxValue, IdleWait, cancellation);
            if (read == 0)
            {
                throw new SpanLogException($"{Name}: the noted range {range.First} to {range.Next} is no longer in the log");
            }

            await DecodeAsync(_records[^1], cancellation);
        }
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
                await DecodeAsync(_records[i], cancellation);
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
        byte[] letter = DeadLetter.Write(source.Topic, source.Partition, record.Offset, error, time.GetUtcNow(), record.Value.Span);
        var append = new SpanLogAppend[] { new(source.Partition % log.PartitionCount(SpanLogTopics.DeadLetters), letter) };
        while ((await log.AppendAsync(SpanLogTopics.DeadLetters, append, cancellation)).Status == AppendStatus.Retry)
        {
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
        await source.CommitAsync(range.Next, cancellation);
        _committed = range.Next;
        Measure(started);
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

    [LoggerMessage(LogLevel.Error, "{Lane}: the record at {Offset} goes to the dead letters: {Reason}")]
    private partial void LogDeadLetter(string lane, long offset, string reason);
}
