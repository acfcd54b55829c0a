using System.Threading.Channels;
using FASTER.core;
using Microsoft.Extensions.Logging;

namespace Telemetry.SpanLog.Local;

/// <summary>
/// One partition: callers enqueue into FasterLog's memory, one loop commits; all that came in while a commit ran share the next one.
/// After a failed commit the log is opened again from what is durable, and everyone who waited is answered "retry".
/// </summary>
internal sealed class LocalPartition : IAsyncDisposable
{
    private readonly LocalContext _context;
    private readonly string _directory;
    private readonly TopicLayout _layout;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Lock _readGate = new();
    private List<AppendOperation> _waiting = [];
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PartitionFiles _files;
    private AppendFailure? _failure;
    private int _generation;
    private long _durable;
    private long _begin;
    private Task _loop = Task.CompletedTask;

    public LocalPartition(LocalContext context, string topic, int number, TopicLayout layout)
    {
        _context = context;
        Topic = topic;
        Number = number;
        _layout = layout;
        _directory = System.IO.Path.Combine(context.Root, "topics", topic, number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        _files = PartitionFiles.Open(context.Disk, _directory, layout);
        _begin = _files.Log.BeginAddress;
        _durable = _files.Log.TailAddress;
        _files.Device.DeleteBelow(_begin, layout.SegmentBits);
    }

    public string Topic { get; }

    public int Number { get; }

    public string Path => _directory;

    /// <summary>Name of this incarnation of the topic.</summary>
    public string LogId => _layout.LogId;

    /// <summary>Oldest kept address.</summary>
    public long Begin => Interlocked.Read(ref _begin);

    /// <summary>Everything below is durable, and only that is shown to readers.</summary>
    public long Durable => Interlocked.Read(ref _durable);

    /// <summary>Set by retention when the partition is full of records that a group has not read.</summary>
    public AppendFailure? Full { get; set; }

    /// <summary>Why appends are refused now; null when they are taken.</summary>
    public AppendFailure? Failure => _failure ?? Full;

    /// <summary>Completes when the next commit has ended, well or not.</summary>
    public Task NextCommit
    {
        get
        {
            lock (_gate)
            {
                return _progress.Task;
            }
        }
    }

    public void Start() => _loop = Task.Run(CommitLoopAsync);

    /// <summary>Copies the value into the log's memory. False when the memory is full until the next commit.</summary>
    public bool TryEnqueue(ReadOnlySpan<byte> value, AppendOperation operation, out AppendFailure? failure)
    {
        bool taken = false;
        lock (_gate)
        {
            failure = _stop.IsCancellationRequested ? LocalSpanLog.Closed : Failure;
            if (failure is null)
            {
                taken = _files.Log.TryEnqueue(value, out _);
                if (taken && (_waiting.Count == 0 || _waiting[^1] != operation))
                {
                    operation.AddPending();
                    _waiting.Add(operation);
                }
            }
        }

        _signal.Writer.TryWrite(true);
        return taken;
    }

    /// <summary>Drops records below the address; their files go with the next commit.</summary>
    public void TruncateUntil(long address)
    {
        lock (_gate)
        {
            if (_failure is not null || address <= _begin)
            {
                return;
            }

            _files.Log.TruncateUntil(address);
            Interlocked.Exchange(ref _begin, address);
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Runs the function while no other thread can close the log's files.</summary>
    /// <param name="read">Gets the log and a number that changes whenever it is another log object.</param>
    public T Read<T>(Func<FasterLog, int, T> read)
    {
        lock (_readGate)
        {
            return read(_files.Log, _generation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _signal.Writer.TryComplete();
        await _loop;
        lock (_readGate)
        {
            _generation++;
            _files.Dispose();
        }

        _stop.Dispose();
    }

    private async Task CommitLoopAsync()
    {
        while (await _signal.Reader.WaitToReadAsync())
        {
            _signal.Reader.TryRead(out _);
            await CommitAsync();
        }

        // Appends that came in before the end are still made durable.
        await CommitAsync();
        EndRound(Swap(out _), LocalSpanLog.Closed);
    }

    private async Task CommitAsync()
    {
        List<AppendOperation> operations = Swap(out long tail);
        long started = _context.Time.GetTimestamp();
        try
        {
            await _files.CommitAsync();
        }
        catch (Exception e) when (e is CommitFailureException or IOException or UnauthorizedAccessException or FasterException)
        {
            await RecoverAsync(operations, _files.LastError ?? e);
            return;
        }

        SpanLogMetrics.Committed(_context.Time.GetElapsedTime(started).TotalSeconds);
        Interlocked.Exchange(ref _durable, tail);
        EndRound(operations, null);
    }

    private List<AppendOperation> Swap(out long tail)
    {
        lock (_gate)
        {
            List<AppendOperation> operations = _waiting;
            _waiting = [];
            tail = _files.Log.TailAddress;
            return operations;
        }
    }

    private void EndRound(List<AppendOperation> operations, AppendFailure? failure)
    {
        foreach (AppendOperation operation in operations)
        {
            operation.Complete(failure);
        }

        TaskCompletionSource progress;
        lock (_gate)
        {
            progress = _progress;
            _progress = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        progress.TrySetResult();
    }

    private async Task RecoverAsync(List<AppendOperation> operations, Exception error)
    {
        string reason = $"the span log cannot write to {_directory}: {error.Message}";
        var failure = new AppendFailure(SpanLogMetrics.Io, AppendResult.Retry(reason, _context.Options.Local.RetryAfter));
        _context.Logger.LogError(error, "{Reason}; appends are refused until it can", reason);
        lock (_gate)
        {
            _failure = failure;
            operations.AddRange(_waiting);
            _waiting = [];
        }

        EndRound(operations, failure);
        while (!_stop.IsCancellationRequested && !TryReopen(ref failure))
        {
            try
            {
                await Task.Delay(_context.Options.Local.RetryAfter, _context.Time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private bool TryReopen(ref AppendFailure failure)
    {
        try
        {
            // One page, the least that a commit may write: the disk must be able to take it before callers are let in again.
            string probe = System.IO.Path.Combine(_directory, "probe");
            _context.Disk.ReplaceDurably(probe, new byte[1 << _layout.PageBits]);
            File.Delete(probe);
            lock (_readGate)
            {
                lock (_gate)
                {
                    _generation++;
                    _files.Dispose();
                    _files = PartitionFiles.Open(_context.Disk, _directory, _layout);
                    Interlocked.Exchange(ref _begin, _files.Log.BeginAddress);
                    _failure = null;
                }
            }

            _context.Logger.LogInformation("The span log writes to {Directory} again", _directory);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FasterException)
        {
            failure = failure with { Result = AppendResult.Retry($"the span log cannot write to {_directory}: {e.Message}", failure.Result.RetryAfter) };
            _failure = failure;
            return false;
        }
    }
}
