using System.Collections.Frozen;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Telemetry.SpanLog.Topics;

namespace Telemetry.SpanLog.Kafka;

/// <summary>The span log in a Kafka cluster.</summary>
internal sealed class KafkaSpanLog : ISpanLog
{
    private const string ClosedReason = "the span log is closed";
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly SpanLogOptions _options;
    private readonly TopicCatalog _catalog;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _lifecycle = new(1, 1);
    private FrozenDictionary<string, int> _partitions = FrozenDictionary<string, int>.Empty;
    private KafkaProducer? _producer;
    private volatile string _waiting = "the span log is not started";
    private bool _disposed;

    public KafkaSpanLog(SpanLogOptions options, TopicCatalog catalog, ILogger logger, TimeProvider time)
    {
        _options = options;
        _catalog = catalog;
        _logger = logger;
        _time = time;
    }

    /// <inheritdoc />
    public int MaxRecordBytes => _options.MaxRecordBytes;

    /// <inheritdoc />
    public string? UnavailableReason => _disposed ? ClosedReason : _producer is null ? _waiting : _producer.Down;

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _lifecycle.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_producer is null)
            {
                LibrdkafkaResolver.Require();
                Dictionary<string, int> found = await WaitForTopicsAsync(cancellationToken);
                _partitions = _catalog.Topics.ToFrozenDictionary(t => t.Name, t => found[t.Name]);
                _producer = new KafkaProducer(_options, _logger, _time);
            }
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    /// <inheritdoc />
    public int PartitionCount(string topic) =>
        _partitions.TryGetValue(topic, out int count)
            ? count
            : throw new SpanLogException($"topic \"{topic}\" is not open; known: {string.Join(", ", _partitions.Keys)}");

    /// <inheritdoc />
    public async ValueTask<AppendResult> AppendAsync(string topic, ReadOnlyMemory<SpanLogAppend> records, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_disposed || _producer is null)
        {
            return Retry(topic, SpanLogMetrics.Unavailable, _disposed ? ClosedReason : _waiting);
        }

        if (AppendChecks.Refusal(records.Span, PartitionCount(topic), MaxRecordBytes) is { } refusal)
        {
            SpanLogMetrics.Refused(topic, SpanLogMetrics.TooLarge);
            return refusal;
        }

        long started = _time.GetTimestamp();
        Error? error = await _producer.AppendAsync(topic, records, cancellationToken);
        if (error is not null)
        {
            return Answer(topic, error);
        }

        SpanLogMetrics.Appended(topic, records.Length, Bytes(records.Span), _time.GetElapsedTime(started).TotalSeconds);
        return AppendResult.Durable;
    }

    /// <inheritdoc />
    public ISpanLogReader OpenReader(string group, IReadOnlyList<string> topics)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentNullException.ThrowIfNull(topics);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_producer is null)
        {
            throw new InvalidOperationException("StartAsync comes first");
        }

        foreach (string topic in topics)
        {
            _ = PartitionCount(topic);
        }

        return new KafkaReader(_options, group, topics, _logger, _time);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _lifecycle.WaitAsync();
        try
        {
            if (!_disposed)
            {
                _disposed = true;
                if (_producer is { } producer)
                {
                    await Task.Run(producer.Dispose);
                }
            }
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    private async Task<Dictionary<string, int>> WaitForTopicsAsync(CancellationToken cancellationToken)
    {
        var topics = new KafkaTopics(_options, _catalog, _logger);
        TimeSpan pause = FirstPause;
        while (true)
        {
            try
            {
                return await topics.EnsureAsync(cancellationToken);
            }
            catch (SpanLogException e) when (e.MayPass)
            {
                _waiting = $"waiting for Kafka: {e.Message}";
                _logger.LogWarning("Waiting for Kafka, trying again in {Seconds} s: {Reason}", pause.TotalSeconds, e.Message);
            }

            await Task.Delay(pause, _time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static long Bytes(ReadOnlySpan<SpanLogAppend> records)
    {
        long bytes = 0;
        foreach (SpanLogAppend record in records)
        {
            bytes += record.Value.Length;
        }

        return bytes;
    }

    private AppendResult Answer(string topic, Error error)
    {
        switch (error.Code)
        {
            case ErrorCode.MsgSizeTooLarge:
                SpanLogMetrics.Refused(topic, SpanLogMetrics.TooLarge);
                return AppendResult.Refused($"Kafka refuses the record as too large ({error.Reason}); max.message.bytes of {topic} must be above Telemetry:SpanLog:MaxRecordBytes");
            case ErrorCode.Local_QueueFull:
                return Retry(topic, SpanLogMetrics.QueueFull, "too many records wait for Kafka's acknowledgement");
            case ErrorCode.Local_MsgTimedOut:
                return Retry(topic, SpanLogMetrics.Timeout, $"Kafka did not acknowledge within {_options.Kafka.MessageTimeout}");
            default:
                return Retry(topic, SpanLogMetrics.Broker, $"Kafka: {error.Reason}");
        }
    }

    private AppendResult Retry(string topic, string metric, string reason)
    {
        SpanLogMetrics.Refused(topic, metric);
        return AppendResult.Retry(reason, _options.Kafka.RetryAfter);
    }
}
