using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Telemetry.Hosting.Process;
using Telemetry.SpanLog.Topics;

namespace Telemetry.SpanLog.Local;

/// <summary>The span log on this machine's disk: one FasterLog for each partition, cursors and retention of our own.</summary>
internal sealed class LocalSpanLog : ISpanLog
{
    internal static readonly AppendFailure Closed =
        new(SpanLogMetrics.Unavailable, AppendResult.Retry("the span log is closed", TimeSpan.FromSeconds(1)));

    private static readonly AppendFailure NotStarted =
        new(SpanLogMetrics.Unavailable, AppendResult.Retry("the span log is not started", TimeSpan.FromSeconds(1)));

    private readonly LocalContext _context;
    private readonly TopicCatalog _catalog;
    private readonly SemaphoreSlim _lifecycle = new(1, 1);
    private FrozenDictionary<string, LocalPartition[]> _topics = FrozenDictionary<string, LocalPartition[]>.Empty;
    private DirectoryLock? _lock;
    private LocalGroups? _groups;
    private LocalRetention? _retention;
    private bool _disposed;

    public LocalSpanLog(SpanLogOptions options, TopicCatalog catalog, ILogger logger, TimeProvider time, LocalDisk? disk = null)
    {
        _context = new LocalContext(System.IO.Path.GetFullPath(options.Path), options, disk ?? new LocalDisk(), logger, time);
        _catalog = catalog;
        MaxRecordBytes = options.MaxRecordBytes;
    }

    /// <inheritdoc />
    public int MaxRecordBytes { get; }

    /// <inheritdoc />
    public string? UnavailableReason =>
        _disposed ? Closed.Result.Reason
        : _groups is null ? NotStarted.Result.Reason
        : _retention?.DiskFull?.Result.Reason
            ?? _topics.Values.SelectMany(p => p).Select(p => p.Failure?.Result.Reason).FirstOrDefault(r => r is not null);

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _lifecycle.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_groups is null)
            {
                await OpenAsync();
            }
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <inheritdoc />
    public int PartitionCount(string topic) => Partitions(topic).Length;

    /// <inheritdoc />
    public async ValueTask<AppendResult> AppendAsync(string topic, ReadOnlyMemory<SpanLogAppend> records, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_disposed || _groups is null)
        {
            return Refuse(topic, _disposed ? Closed : NotStarted);
        }

        LocalPartition[] partitions = Partitions(topic);
        if (AppendChecks.Refusal(records.Span, partitions.Length, MaxRecordBytes) is { } refusal)
        {
            SpanLogMetrics.Refused(topic, SpanLogMetrics.TooLarge);
            return refusal;
        }

        if (_retention?.DiskFull is { } full)
        {
            return Refuse(topic, full);
        }

        long started = _context.Time.GetTimestamp();
        var operation = new AppendOperation();
        long bytes = 0;
        AppendFailure? failure = null;
        for (int i = 0; i < records.Length && failure is null; i++)
        {
            SpanLogAppend record = records.Span[i];
            LocalPartition partition = partitions[record.Partition];
            bytes += record.Value.Length;
            Task next = partition.NextCommit;
            while (!partition.TryEnqueue(record.Value.Span, operation, out failure) && failure is null)
            {
                await next.WaitAsync(cancellationToken);
                next = partition.NextCommit;
            }
        }

        operation.Complete(failure);
        AppendResult result = await operation.Task.WaitAsync(cancellationToken);
        if (operation.Failure is { } reason)
        {
            return Refuse(topic, reason);
        }

        SpanLogMetrics.Appended(topic, records.Length, bytes, _context.Time.GetElapsedTime(started).TotalSeconds);
        return result;
    }

    /// <inheritdoc />
    public ISpanLogReader OpenReader(string group, IReadOnlyList<string> topics)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentNullException.ThrowIfNull(topics);
        ObjectDisposedException.ThrowIf(_disposed, this);
        LocalGroups groups = _groups ?? throw new InvalidOperationException("StartAsync comes first");
        return groups.Join(group, topics.SelectMany(Partitions).ToList());
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _lifecycle.WaitAsync();
        try
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            await CloseAsync();
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    private static AppendResult Refuse(string topic, AppendFailure failure)
    {
        SpanLogMetrics.Refused(topic, failure.Metric);
        return failure.Result;
    }

    private LocalPartition[] Partitions(string topic) =>
        _topics.TryGetValue(topic, out LocalPartition[]? partitions)
            ? partitions
            : throw new SpanLogException($"topic \"{topic}\" is not open; known: {string.Join(", ", _topics.Keys)}");

    private async Task OpenAsync()
    {
        try
        {
            LocalDisk.CreateDirectoryDurably(_context.Root);
            _lock = DirectoryLock.Take(_context.Root);
            var opened = new Dictionary<string, LocalPartition[]>();
            _topics = FrozenDictionary<string, LocalPartition[]>.Empty;
            foreach (TopicSettings topic in _catalog.Topics)
            {
                opened[topic.Name] = OpenTopic(topic);
                _topics = opened.ToFrozenDictionary();
            }

            var groups = new LocalGroups(_context, opened);
            _retention = new LocalRetention(_context, _catalog, opened, groups);
            _groups = groups;
        }
        catch (Exception e) when (e is not SpanLogException)
        {
            await CloseAsync();
            throw new SpanLogException($"Telemetry:SpanLog:Path = \"{_context.Root}\": {e.Message}", e);
        }
        catch (SpanLogException)
        {
            await CloseAsync();
            throw;
        }
    }

    private LocalPartition[] OpenTopic(TopicSettings topic)
    {
        string directory = System.IO.Path.Combine(_context.Root, "topics", topic.Name);
        TopicLayout layout = TopicLayout.ReadOrCreate(
            _context.Disk, directory, TopicLayout.For(topic.Partitions, MaxRecordBytes, _context.Options.Local.SegmentBytes));
        if (layout.MaxRecordBytes < MaxRecordBytes)
        {
            throw new SpanLogException(
                $"Telemetry:SpanLog:MaxRecordBytes = {MaxRecordBytes}: {directory} was created for records of at most {layout.MaxRecordBytes} bytes");
        }

        if (layout.Partitions != topic.Partitions)
        {
            _context.Logger.LogWarning(
                "Topic {Topic} keeps the {Count} partitions it was created with; {Wanted} are configured", topic.Name, layout.Partitions, topic.Partitions);
        }

        var partitions = new LocalPartition[layout.Partitions];
        for (int i = 0; i < partitions.Length; i++)
        {
            partitions[i] = new LocalPartition(_context, topic.Name, i, layout);
            partitions[i].Start();
        }

        return partitions;
    }

    private async Task CloseAsync()
    {
        if (_retention is not null)
        {
            await _retention.DisposeAsync();
        }

        _groups?.Dispose();
        foreach (LocalPartition partition in _topics.Values.SelectMany(p => p))
        {
            await partition.DisposeAsync();
        }

        _lock?.Dispose();
    }
}
