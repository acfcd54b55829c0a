using System.Globalization;
using Microsoft.Extensions.Logging;
using Telemetry.SpanLog.Topics;

namespace Telemetry.SpanLog.Local;

/// <summary>
/// Keeps each partition within its size and age, and the disk with some room. Records that a registered group has not committed are kept
/// (unless <see cref="LocalLogOptions.DeleteUnread"/>), and a partition that is full of those refuses appends.
/// </summary>
internal sealed class LocalRetention : IAsyncDisposable
{
    private readonly LocalContext _context;
    private readonly LocalGroups _groups;
    private readonly List<(LocalPartition Partition, TimeIndex? Index, TimeSpan? Age, long? Bytes)> _entries = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile AppendFailure? _diskFull;

    public LocalRetention(LocalContext context, TopicCatalog catalog, IReadOnlyDictionary<string, LocalPartition[]> topics, LocalGroups groups)
    {
        _context = context;
        _groups = groups;
        LocalLogOptions options = context.Options.Local;
        foreach (LocalPartition partition in topics.Values.SelectMany(p => p))
        {
            TopicSettings settings = catalog.Get(partition.Topic);
            TimeSpan? age = options.RetentionAge > TimeSpan.Zero ? options.RetentionAge : settings.RetentionAge;
            TimeIndex? index = age is { } span ? new TimeIndex(context.Disk, Path.Combine(partition.Path, "times"), span) : null;
            _entries.Add((partition, index, age, options.RetentionBytes > 0 ? options.RetentionBytes : settings.RetentionBytes));
        }

        RunOnce();
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Set while the disk has less free space than <see cref="LocalLogOptions.MinFreeDiskBytes"/>.</summary>
    public AppendFailure? DiskFull => _diskFull;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    /// <summary>One pass over all partitions.</summary>
    public void RunOnce()
    {
        foreach ((LocalPartition partition, TimeIndex? index, TimeSpan? age, long? bytes) in _entries)
        {
            try
            {
                Apply(partition, index, age, bytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _context.Logger.LogWarning(e, "Retention of {Topic} partition {Partition} failed and is tried again", partition.Topic, partition.Number);
            }
        }

        CheckDisk();
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(_context.Options.Local.RetentionInterval, _context.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                RunOnce();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private void Apply(LocalPartition partition, TimeIndex? index, TimeSpan? age, long? bytes)
    {
        DateTimeOffset now = _context.Time.GetUtcNow();
        long durable = partition.Durable;
        index?.Note(now, durable);
        long wanted = partition.Begin;
        if (age is { } span && index?.AddressBefore(now - span) is { } old)
        {
            wanted = Math.Max(wanted, old);
        }

        long? oversized = bytes is { } limit && durable - partition.Begin > limit ? RecordStart(partition, durable - limit) : null;
        wanted = Math.Max(wanted, oversized ?? 0);
        (long unread, string? group) = _context.Options.Local.DeleteUnread ? (long.MaxValue, null) : _groups.OldestUnread(partition);
        long cut = Math.Min(wanted, unread);
        partition.TruncateUntil(cut);
        index?.ForgetBelow(cut);
        partition.Full = oversized > cut
            ? new AppendFailure(SpanLogMetrics.Full, AppendResult.Retry(
                string.Create(CultureInfo.InvariantCulture, $"{partition.Topic} partition {partition.Number} holds more than {bytes} bytes that group \"{group}\" has not finished"),
                _context.Options.Local.RetryAfter))
            : null;
    }

    /// <summary>The address of the first record at or after the address.</summary>
    private static long RecordStart(LocalPartition partition, long address)
    {
        // From the start of the page, where a record begins, forward to the wanted place.
        return partition.Read((log, _) =>
        {
            long pageStart = address & ~((1L << log.UnsafeGetLogPageSizeBits()) - 1);
            using var scan = log.Scan(Math.Max(pageStart, partition.Begin), long.MaxValue);
            long next = partition.Begin;
            while (next < address && scan.NextAddress < partition.Durable && RecordScan.TrySkip(scan, out next))
            {
            }

            return Math.Min(next, partition.Durable);
        });
    }

    private void CheckDisk()
    {
        long free = _context.Disk.FreeBytes(_context.Root);
        long wanted = _context.Options.Local.MinFreeDiskBytes;
        _diskFull = free >= wanted
            ? null
            : new AppendFailure(SpanLogMetrics.Full, AppendResult.Retry(
                string.Create(CultureInfo.InvariantCulture, $"the disk of {_context.Root} has {free} bytes free; Telemetry:SpanLog:Local:MinFreeDiskBytes wants {wanted}"),
                _context.Options.Local.RetryAfter));
    }
}
