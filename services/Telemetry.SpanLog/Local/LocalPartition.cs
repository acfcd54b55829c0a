using System.Numerics;
using FASTER.core;

namespace Telemetry.SpanLog.Local;

/// <summary>
/// One partition of a topic: a FasterLog of its own, with one committer that makes all waiting appends durable together. FASTER's
/// file device opens its files with O_SYNC, so a commit that has completed is on disk.
/// </summary>
internal sealed class LocalPartition : IAsyncDisposable
{
    private const int SmallestPageBits = 21;

    private readonly IDevice _device;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _committer;
    private readonly long _maxBytes;
    private volatile TaskCompletionSource _committed = NewSignal();
    private volatile string? _failure;

    /// <summary>Opens or recovers the partition; what was not committed before a crash is cut off.</summary>
    public LocalPartition(string directory, int number, SpanLogOptions options)
    {
        Number = number;
        Directory = directory;
        _maxBytes = options.MaxPartitionBytes;
        System.IO.Directory.CreateDirectory(directory);
        _device = Devices.CreateLogDevice(Path.Combine(directory, "log"));
        int pageBits = Math.Max(SmallestPageBits, BitOperations.Log2((uint)options.MaxRecordBytes) + 2);
        Log = new FasterLog(new FasterLogSettings
        {
            LogDevice = _device,
            LogCommitDir = directory,
            PageSizeBits = pageBits,
            MemorySizeBits = pageBits + 1,
            SegmentSizeBits = pageBits + 5,
            LogChecksum = LogChecksumType.PerEntry,
        });
        _committer = Task.Run(CommitLoopAsync);
    }

    /// <summary>Partition number, from 0.</summary>
    public int Number { get; }

    /// <summary>Where its files are.</summary>
    public string Directory { get; }

    /// <summary>The log itself, for readers.</summary>
    public FasterLog Log { get; }

    /// <summary>Why it cannot be written now; null when it can.</summary>
    public string? UnavailableReason => _failure ?? (IsFull ? $"partition {Number} in {Directory} holds {_maxBytes} bytes that are not read yet" : null);

    /// <summary>Completes at the next commit after now.</summary>
    public Task NextCommit => _committed.Task;

    private bool IsFull => Log.TailAddress - Log.BeginAddress >= _maxBytes;

    /// <summary>Puts a record into memory; false when it must wait. Gives the address that must be committed for it to be durable.</summary>
    public bool TryEnqueue(ReadOnlySpan<byte> value, out long untilAddress)
    {
        untilAddress = 0;
        if (IsFull || _failure is not null)
        {
            Wake();
            return false;
        }

        if (!Log.TryEnqueue(value, out long address))
        {
            Wake();
            return false;
        }

        untilAddress = address + 1;
        return true;
    }

    /// <summary>Asks the committer to commit what was enqueued before now.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // A commit is already asked for, and it will take in everything that was enqueued before it starts.
        }
    }

    /// <summary>Waits until everything before the address is on disk; false when the disk refused.</summary>
    public async ValueTask<bool> WaitUntilDurableAsync(long untilAddress, CancellationToken cancellation)
    {
        while (true)
        {
            Task next = NextCommit;
            if (Log.CommittedUntilAddress >= untilAddress)
            {
                return true;
            }

            if (_failure is not null)
            {
                return false;
            }

            await next.WaitAsync(cancellation);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Wake();
        await _committer;
        Log.Dispose();
        _device.Dispose();
        _wake.Dispose();
        _stop.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task CommitLoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await _wake.WaitAsync();
            try
            {
                await Log.CommitAsync();
                _failure = null;
            }
            catch (Exception e) when (e is CommitFailureException or IOException or FasterException)
            {
                _failure = $"partition {Number} in {Directory} cannot be written: {e.Message}";
            }

            Interlocked.Exchange(ref _committed, NewSignal()).TrySetResult();
        }
    }
}
