using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Telemetry.SpanLog.Kafka;

/// <summary>
/// The poll loop of one member. It alone calls Consume; it hands messages to lanes, pauses partitions whose lane is full, and goes on
/// after every error: a consumer that cannot go on is replaced.
/// </summary>
internal sealed class KafkaPoll : IDisposable
{
    private static readonly TimeSpan PollWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OffsetWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MeasureInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MeasureWait = TimeSpan.FromMilliseconds(500);
    private const int FirstThatCanBeDestroyed = 0x02_03_00_00;
    private static readonly ConcurrentBag<IDisposable> Left = [];
    private readonly SpanLogOptions _options;
    private readonly string _group;
    private readonly IReadOnlyList<string> _topics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Func<KafkaLane, bool> _offer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<TopicPartition, KafkaLane> _lanes = [];
    private readonly ManualResetEventSlim _laneLeft = new();
    private bool _broken;
    private long _measured;

    public KafkaPoll(
        SpanLogOptions options, string group, IReadOnlyList<string> topics, ILogger logger, TimeProvider time, Func<KafkaLane, bool> offer)
    {
        _options = options;
        _group = group;
        _topics = topics;
        _logger = logger;
        _time = time;
        _offer = offer;
    }

    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _stop.Dispose();
        _laneLeft.Dispose();
    }

    /// <summary>Polls until stopped, with a new consumer whenever one breaks.</summary>
    public void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                RunConsumer();
            }
            catch (Exception e) when (e is KafkaException or SpanLogException or ObjectDisposedException)
            {
                SpanLogMetrics.ReaderError();
                _logger.LogError(e, "The Kafka consumer of group {Group} broke and is replaced", _group);
            }

            if (!_stop.IsCancellationRequested)
            {
                _stop.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
            }
        }
    }

    private void RunConsumer()
    {
        _broken = false;
        IConsumer<Ignore, byte[]> consumer = Build();
        try
        {
            consumer.Subscribe(_topics);
            while (!_stop.IsCancellationRequested && !_broken)
            {
                PollOnce(consumer);
                foreach (KafkaLane lane in _lanes.Values.ToList())
                {
                    Serve(consumer, lane);
                }

                MeasurePaused(consumer);
            }
        }
        finally
        {
            Close(consumer);
        }
    }

    private void PollOnce(IConsumer<Ignore, byte[]> consumer)
    {
        try
        {
            // The first wait is bounded, what is there after it is taken without waiting.
            ConsumeResult<Ignore, byte[]>? result = consumer.Consume(PollWait);
            bool full = false;
            while (result is not null)
            {
                if (!result.IsPartitionEOF && _lanes.TryGetValue(result.TopicPartition, out KafkaLane? lane))
                {
                    full = lane.Add(result.Offset.Value, result.Message.Value ?? []);
                }

                result = full || _stop.IsCancellationRequested ? null : consumer.Consume(TimeSpan.Zero);
            }
        }
        catch (ConsumeException e)
        {
            SpanLogMetrics.ReaderError();
            _logger.LogWarning("Kafka consumer of group {Group}: {Reason}", _group, e.Error.Reason);
            _broken |= KafkaSettings.IsFatal(e.Error);
        }
    }

    /// <summary>What a lane needs from the consumer: a start, a seek, a pause, a new lane after it was disposed.</summary>
    private void Serve(IConsumer<Ignore, byte[]> consumer, KafkaLane lane)
    {
        try
        {
            if (lane.IsDisposed)
            {
                Reopen(consumer, lane);
                return;
            }

            lane.Serve(consumer);
            if (!lane.IsOffered)
            {
                lane.Begin(StartOf(consumer, lane.TopicPartition));
                Offer(lane);
            }
        }
        catch (KafkaException e)
        {
            SpanLogMetrics.ReaderError();
            _logger.LogWarning(
                "{Topic} partition {Partition}, group {Group}: {Reason}; tried again", lane.Topic, lane.Partition, _group, e.Error.Reason);
        }
    }

    private void MeasurePaused(IConsumer<Ignore, byte[]> consumer)
    {
        if (_time.GetElapsedTime(_measured) < MeasureInterval)
        {
            return;
        }

        _measured = _time.GetTimestamp();
        try
        {
            foreach (KafkaLane lane in _lanes.Values.Where(l => l.IsPaused && !l.IsDisposed))
            {
                lane.Measure(consumer, MeasureWait);
            }
        }
        catch (KafkaException)
        {
            // Brokers that do not answer are told about by the consumer itself; the others are not waited for in vain.
        }
    }

    /// <summary>A lane was disposed while the partition stays with this member: reading begins anew at the committed offset.</summary>
    private void Reopen(IConsumer<Ignore, byte[]> consumer, KafkaLane lane)
    {
        long start = StartOf(consumer, lane.TopicPartition);
        KafkaLane fresh = NewLane(consumer, lane.TopicPartition);
        fresh.Begin(start);
        fresh.Seek(start);
        lane.HandPauseTo(fresh);
        _lanes[lane.TopicPartition] = fresh;
        Offer(fresh);
    }

    // A lane that nobody takes any more would be waited for when its partition is given back.
    private void Offer(KafkaLane lane)
    {
        if (!_offer(lane))
        {
            lane.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static long StartOf(IConsumer<Ignore, byte[]> consumer, TopicPartition partition)
    {
        long committed = consumer.Committed([partition], OffsetWait)[0].Offset.Value;
        return committed >= 0 ? committed : consumer.QueryWatermarkOffsets(partition, OffsetWait).Low.Value;
    }

    private KafkaLane NewLane(IConsumer<Ignore, byte[]> consumer, TopicPartition partition) =>
        new(consumer, partition, _group, _options.ReadAheadBytes, _logger, _time, _laneLeft.Set);

    private IConsumer<Ignore, byte[]> Build()
    {
        try
        {
            return new ConsumerBuilder<Ignore, byte[]>(KafkaSettings.Consumer(_options, _group))
                .SetLogHandler((_, m) => _logger.LogDebug("librdkafka {Facility}: {Message}", m.Facility, m.Message))
                .SetErrorHandler((_, e) => OnError(e))
                .SetPartitionsAssignedHandler((c, partitions) => OnAssigned(c, partitions))
                .SetPartitionsRevokedHandler((_, partitions) => OnRevoked(partitions.Select(p => p.TopicPartition).ToList(), lost: false))
                .SetPartitionsLostHandler((_, partitions) => OnRevoked(partitions.Select(p => p.TopicPartition).ToList(), lost: true))
                .Build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw KafkaSettings.Invalid("Consumer", e);
        }
    }

    private void OnError(Error error)
    {
        _logger.LogWarning("Kafka consumer of group {Group}: {Reason}", _group, error.Reason);
        _broken |= KafkaSettings.IsFatal(error);
    }

    private void OnAssigned(IConsumer<Ignore, byte[]> consumer, List<TopicPartition> partitions)
    {
        foreach (TopicPartition partition in partitions)
        {
            _lanes[partition] = NewLane(consumer, partition);
        }
    }

    /// <summary>Tells the lanes, then holds the rebalance until they have stopped or the time is up. Lost ones have another owner already.</summary>
    private void OnRevoked(List<TopicPartition> partitions, bool lost)
    {
        List<KafkaLane> lanes = partitions.Where(_lanes.ContainsKey).Select(p => _lanes[p]).ToList();
        foreach (KafkaLane lane in lanes)
        {
            _lanes.Remove(lane.TopicPartition);
            if (lost)
            {
                lane.Fence();
            }

            lane.Revoke();
        }

        long started = _time.GetTimestamp();
        while (!lost && lanes.Exists(l => l.IsOffered && !l.IsDisposed))
        {
            TimeSpan left = _options.RevokeTimeout - _time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                _logger.LogWarning("Group {Group}: {Count} partitions were not let go within {Timeout}", _group, lanes.Count, _options.RevokeTimeout);
                break;
            }

            _laneLeft.Wait(left < PollWait ? left : PollWait);
            _laneLeft.Reset();
        }

        lanes.ForEach(l => l.Fence());
    }

    private void Close(IConsumer<Ignore, byte[]> consumer)
    {
        try
        {
            if (Library.Version >= FirstThatCanBeDestroyed)
            {
                consumer.Close();
            }
            else
            {
                Leave(consumer);
            }
        }
        catch (KafkaException e)
        {
            _logger.LogWarning("Group {Group} was left without saying so: {Reason}", _group, e.Error.Reason);
        }

        OnRevoked([.. _lanes.Keys], lost: false);
    }

    // Before 2.3 librdkafka ends the process when it destroys a member that never led its group (confluentinc/librdkafka#4312), which closing does too.
    // So the member only leaves the group, and is kept: its finalizer would destroy it.
    private void Leave(IConsumer<Ignore, byte[]> consumer)
    {
        Left.Add(consumer);
        consumer.Unsubscribe();
        long started = _time.GetTimestamp();
        do
        {
            // Serves the handler that gives the partitions back.
            consumer.Consume(PollWait);
        }
        while (consumer.Assignment.Count > 0 && _time.GetElapsedTime(started) < _options.RevokeTimeout);
        consumer.Consume(PollWait);
    }
}
