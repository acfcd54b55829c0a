using System.Runtime.InteropServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Telemetry.SpanLog.Kafka;

/// <summary>The producer and its replacement after a fatal error (an idempotent producer that lost its sequence cannot go on).</summary>
internal sealed class KafkaProducer : IDisposable
{
    private static readonly ISerializer<ReadOnlyMemory<byte>> Bytes = new MemorySerializer();
    private readonly SpanLogOptions _options;
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private IProducer<Null, ReadOnlyMemory<byte>> _producer;
    private Task _probing = Task.CompletedTask;
    private bool _isProbing;
    private bool _disposed;
    private volatile string? _down;

    public KafkaProducer(SpanLogOptions options, ILogger logger, TimeProvider time)
    {
        _options = options;
        _logger = logger;
        _time = time;
        _producer = Build();
    }

    /// <summary>Why Kafka cannot be written now; null when it can, as far as is known.</summary>
    public string? Down => _down;

    /// <summary>Hands the records to librdkafka and returns the first error, or null once all are acknowledged.</summary>
    public async Task<Error?> AppendAsync(string topic, ReadOnlyMemory<SpanLogAppend> records, CancellationToken cancellationToken)
    {
        IProducer<Null, ReadOnlyMemory<byte>> producer = _producer;
        var append = new KafkaAppend();
        append.Complete(Hand(producer, topic, records.Span, append));

        // Caller or not, the outcome says how Kafka does.
        return await NoteAsync(producer, append.Task).WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Task probing;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            probing = _probing;
        }

        _stop.Cancel();
        probing.GetAwaiter().GetResult();
        _stop.Dispose();
        _producer.Flush(_options.Kafka.MessageTimeout);
        _producer.Dispose();
    }

    private async Task<Error?> NoteAsync(IProducer<Null, ReadOnlyMemory<byte>> producer, Task<Error?> outcome)
    {
        Error? error = await outcome;
        if (error is null)
        {
            _down = null;
        }
        else if (KafkaSettings.IsFatal(error))
        {
            Replace(producer, error);
        }
        else if (error.Code is ErrorCode.Local_MsgTimedOut or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport)
        {
            GoDown($"Kafka does not acknowledge records: {error.Reason}");
        }

        return error;
    }

    // Whoever is told on /readyz that this is not ready sends no more, so no append would ever find out that the brokers are back.
    private void GoDown(string reason)
    {
        lock (_gate)
        {
            _down = reason;
            if (!_disposed && !_isProbing)
            {
                _isProbing = true;
                _probing = Task.Run(ProbeAsync, CancellationToken.None);
            }
        }
    }

    private async Task ProbeAsync()
    {
        using var timer = new PeriodicTimer(_options.Kafka.RetryAfter, _time);
        try
        {
            while (GoesOnProbing())
            {
                await timer.WaitForNextTickAsync(_stop.Token);
                if (HasLeaders())
                {
                    _down = null;
                    _logger.LogInformation("Kafka answers again");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private bool GoesOnProbing()
    {
        lock (_gate)
        {
            _isProbing = _down is not null;
            return _isProbing;
        }
    }

    private bool HasLeaders()
    {
        try
        {
            using IAdminClient admin = new DependentAdminClientBuilder(_producer.Handle).Build();
            return admin.GetMetadata(SpanLogTopics.Spans, ProbeTimeout).Topics is [{ Partitions: { Count: > 0 } partitions }] && partitions.TrueForAll(p => p.Leader >= 0);
        }
        catch (Exception e) when (e is KafkaException or ObjectDisposedException)
        {
            // A producer that was just replaced is asked again at the next turn.
            return false;
        }
    }

    private static Error? Hand(
        IProducer<Null, ReadOnlyMemory<byte>> producer, string topic, ReadOnlySpan<SpanLogAppend> records, KafkaAppend append)
    {
        foreach (SpanLogAppend record in records)
        {
            append.AddPending();
            try
            {
                producer.Produce(
                    new TopicPartition(topic, record.Partition), new Message<Null, ReadOnlyMemory<byte>> { Value = record.Value }, append.Report);
            }
            catch (ProduceException<Null, ReadOnlyMemory<byte>> e)
            {
                append.Complete(e.Error);
                return e.Error;
            }
            catch (ObjectDisposedException)
            {
                append.Complete(null);
                return new Error(ErrorCode.Local_Destroy, "the producer is closed");
            }
        }

        return null;
    }

    private IProducer<Null, ReadOnlyMemory<byte>> Build()
    {
        try
        {
            return new ProducerBuilder<Null, ReadOnlyMemory<byte>>(KafkaSettings.Producer(_options))
                .SetValueSerializer(Bytes)
                .SetLogHandler((_, m) => _logger.LogDebug("librdkafka {Facility}: {Message}", m.Facility, m.Message))
                .SetErrorHandler((_, e) => OnError(e))
                .Build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw KafkaSettings.Invalid("Producer", e);
        }
    }

    private void OnError(Error error)
    {
        _logger.LogWarning("Kafka producer: {Reason}", error.Reason);
        if (error.Code == ErrorCode.Local_AllBrokersDown)
        {
            GoDown($"no Kafka broker can be reached: {error.Reason}");
        }
    }

    private void Replace(IProducer<Null, ReadOnlyMemory<byte>> broken, Error error)
    {
        lock (_gate)
        {
            if (_disposed || _producer != broken)
            {
                return;
            }

            _logger.LogError("The Kafka producer is replaced after a fatal error: {Reason}", error.Reason);
            _producer = Build();
        }

        broken.Dispose();
    }

    private sealed class MemorySerializer : ISerializer<ReadOnlyMemory<byte>>
    {
        // librdkafka copies the value during Produce, so an array that is exactly the value need not be copied here too.
        public byte[] Serialize(ReadOnlyMemory<byte> data, SerializationContext context) =>
            MemoryMarshal.TryGetArray(data, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
                ? segment.Array
                : data.ToArray();
    }
}
