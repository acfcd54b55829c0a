using Microsoft.Extensions.Logging;

namespace Telemetry.SpanLog.Local;

/// <summary>The span log as files of this machine: one directory a topic, one FasterLog a partition. One process owns the directory.</summary>
internal sealed partial class LocalSpanLog(SpanLogOptions options, ILoggerFactory loggers, TimeProvider time) : ISpanLog
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly string[] Topics = [SpanLogTopics.Spans, SpanLogTopics.Logs, SpanLogTopics.DeadLetters];

    private readonly Dictionary<string, LocalPartition[]> _partitions = new(StringComparer.Ordinal);
    private readonly LocalGroups _groups = new();
    private readonly ILogger _logger = loggers.CreateLogger<LocalSpanLog>();
    private FileStream? _lock;
    private LocalRetention? _retention;
    private bool _disposed;

    /// <inheritdoc />
    public int MaxRecordBytes => options.MaxRecordBytes;

    /// <inheritdoc />
    public string? UnavailableReason => _partitions.Count == 0
        ? "the span log is not open yet"
        : _partitions.Values.SelectMany(p => p).Select(p => p.UnavailableReason).FirstOrDefault(r => r is not null);

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_lock is not null)
        {
            return Task.CompletedTask;
        }

        try
        {
            Directory.CreateDirectory(options.Path);
            _lock = new FileStream(Path.Combine(options.Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            foreach (string topic in Topics)
            {
                _partitions[topic] = [.. Enumerable.Range(0, PartitionsOnDisk(topic)).Select(n => new LocalPartition(PartitionPath(topic, n), n, options))];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpanLogException($"Telemetry:SpanLog:Path = \"{options.Path}\": cannot be opened, or another process uses it: {e.Message}", e);
        }

        _retention = new LocalRetention(_partitions.Values.SelectMany(p => p), _groups, options.Retention, time);
        LogOpened(options.Path, PartitionCount(SpanLogTopics.Spans));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public int PartitionCount(string topic) => Partitions(topic).Length;

    /// <inheritdoc />
    public async ValueTask<AppendResult> AppendAsync(string topic, ReadOnlyMemory<SpanLogAppend> records, CancellationToken cancellationToken)
    {
        LocalPartition[] partitions = Partitions(topic);
        long[] until = new long[partitions.Length];
        for (int i = 0; i < records.Length; i++)
        {
            SpanLogAppend record = records.Span[i];
            if (record.Value.Length > options.MaxRecordBytes)
            {
                return AppendResult.Refused($"a record has {record.Value.Length} bytes; allowed: {options.MaxRecordBytes} (Telemetry:SpanLog:MaxRecordBytes)");
            }

            LocalPartition partition = partitions[record.Partition];
            while (!partition.TryEnqueue(record.Value.Span, out until[record.Partition]))
            {
                Task commit = partition.NextCommit;
                if (partition.UnavailableReason is { } reason)
                {
                    return AppendResult.Retry(reason, RetryAfter);
                }

                partition.Wake();
                await commit.WaitAsync(cancellationToken);
            }
        }

        return await WaitUntilDurableAsync(partitions, until, cancellationToken);
    }

    /// <inheritdoc />
    public ISpanLogReader OpenReader(string group, IReadOnlyList<string> topics) =>
        new LocalReader(_groups.Open(group), [.. topics.SelectMany(t => Partitions(t).Select(p => (t, p)))]);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach (LocalPartition partition in _partitions.Values.SelectMany(p => p))
        {
            await partition.DisposeAsync();
        }

        _partitions.Clear();
        _retention?.Dispose();
        if (_lock is not null)
        {
            await _lock.DisposeAsync();
            _lock = null;
        }
    }

    private static async ValueTask<AppendResult> WaitUntilDurableAsync(LocalPartition[] partitions, long[] until, CancellationToken cancellation)
    {
        for (int i = 0; i < partitions.Length; i++)
        {
            if (until[i] > 0)
            {
                partitions[i].Wake();
            }
        }

        for (int i = 0; i < partitions.Length; i++)
        {
            if (until[i] > 0 && !await partitions[i].WaitUntilDurableAsync(until[i], cancellation))
            {
                return AppendResult.Retry(partitions[i].UnavailableReason ?? "the disk refused a commit", RetryAfter);
            }
        }

        return AppendResult.Durable;
    }

    private LocalPartition[] Partitions(string topic) => _partitions.TryGetValue(topic, out LocalPartition[]? partitions)
        ? partitions
        : throw new SpanLogException($"topic \"{topic}\" is not open; known: {string.Join(", ", _partitions.Keys)}");

    // The number of partitions on disk wins over the setting: a trace must keep its partition.
    private int PartitionsOnDisk(string topic)
    {
        string directory = Path.Combine(options.Path, topic);
        int found = Directory.Exists(directory) ? Directory.GetDirectories(directory).Length : 0;
        return found > 0 ? found : options.Partitions;
    }

    private string PartitionPath(string topic, int number) =>
        Path.Combine(options.Path, topic, number.ToString("D4", System.Globalization.CultureInfo.InvariantCulture));

    [LoggerMessage(LogLevel.Information, "span log open in {Path} with {Partitions} partitions a topic")]
    private partial void LogOpened(string path, int partitions);
}
