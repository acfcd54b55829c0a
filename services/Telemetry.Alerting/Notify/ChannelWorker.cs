using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Telemetry.Alerting.Track;
using Telemetry.ClickHouse.Claims;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Notify;

/// <summary>
/// Sends what is owed to one channel, in order, on its own: a receiver that hangs holds up nobody else. What does not fit into the queue stays owed in ClickHouse
/// and is fetched when there is room.
/// </summary>
internal sealed partial class ChannelWorker : IAsyncDisposable
{
    /// <summary>Notifications that are held in memory.</summary>
    public const int QueueLength = 1000;

    private const int LargestDigest = 50;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly ChannelDefinition _definition;
    private readonly IChannel _channel;
    private readonly ClaimLease _lease;
    private readonly IncidentStore _store;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Channel<Notification> _queue = Channel.CreateBounded<Notification>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly HashSet<string> _queued = new(StringComparer.Ordinal);

    // What was owed when the table was read may be done by the time it is queued.
    private readonly HashSet<string> _finished = new(StringComparer.Ordinal);
    private readonly Queue<string> _finishedInOrder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ResiliencePipeline _attempts;
    private readonly RateLimit _rate;
    private readonly Claim _claim;
    private readonly Task _work;
    private volatile string? _problem;
    private volatile bool _overflowed;
    private int _failedAttempts;

    public ChannelWorker(ChannelDefinition definition, IChannel channel, Claim claim, ClaimLease lease, IncidentStore store, ILogger logger, TimeProvider time)
    {
        _definition = definition;
        _channel = channel;
        _claim = claim;
        _lease = lease;
        _store = store;
        _logger = logger;
        _time = time;
        _rate = new RateLimit(definition.MaxPerMinute, time);
        _attempts = Pipeline();
        _work = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Why the last attempt failed; null when all is well.</summary>
    public string? Problem => _problem;

    /// <summary>What waits in memory.</summary>
    public int Waiting
    {
        get
        {
            lock (_queued)
            {
                return _queued.Count;
            }
        }
    }

    /// <summary>Whether more is owed than fits into the queue, and there is room again.</summary>
    public bool WantsMore => _overflowed && Waiting < QueueLength / 2;

    /// <summary>Queues a notification, unless it is queued already.</summary>
    public void Enqueue(Notification notification)
    {
        lock (_queued)
        {
            if (_finished.Contains(notification.Id) || !_queued.Add(notification.Id))
            {
                return;
            }
        }

        if (!_queue.Writer.TryWrite(notification))
        {
            _overflowed = true;
            Forget([notification]);
        }
    }

    /// <summary>What did not fit is being queued now.</summary>
    public void FetchesMore() => _overflowed = false;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
        _channel.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_stop.Token))
            {
                bool waited = await _rate.TakeAsync(_stop.Token);
                await FinishAsync(Take(waited && _channel.TakesDigests ? LargestDigest : 1));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop; what is owed stays owed.
        }
        catch (ClaimLostException e)
        {
            LogStopped(_definition.Name, e.Message);
        }
#pragma warning disable CA1031 // One channel's trouble is told on /readyz, and the others go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _problem = $"stopped: {e.Message}";
            LogFailed(_definition.Name, e);
        }
    }

    private List<Notification> Take(int most)
    {
        var batch = new List<Notification>();
        while (batch.Count < most && _queue.Reader.TryRead(out Notification? next))
        {
            batch.Add(next);
        }

        return batch;
    }

    private async Task FinishAsync(List<Notification> batch)
    {
        (bool delivered, string detail) = await SendAsync(batch);
        await NoteAsync(batch, delivered, detail);
        AlertingMetrics.Notifications.Add(batch.Count, new("channel", _definition.Name), new("outcome", delivered ? "delivered" : "dropped"));
        Finish(batch);
        Forget(batch);
    }

    private async Task<(bool Delivered, string Detail)> SendAsync(List<Notification> batch)
    {
        _failedAttempts = 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        TimeSpan left = batch[0].OwedAt + _definition.GiveUpAfter - _time.GetUtcNow();
        using var deadline = new CancellationTokenSource(left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1), _time);
        using CancellationTokenRegistration over = deadline.Token.Register(limit.Cancel);
        try
        {
            await _attempts.ExecuteAsync(async cancellation => await AttemptAsync(batch, cancellation), limit.Token);
            _problem = null;
            return (true, "");
        }
        catch (SendException e) when (e.IsPermanent)
        {
            _problem = $"a notification was refused for good: {e.Message}";
            LogDropped(_definition.Name, batch[0].Id, e.Message);
            return (false, e.Message);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            string why = $"given up: {_problem}";
            LogDropped(_definition.Name, batch[0].Id, why);
            return (false, why);
        }
    }

    // The claim is looked at before every attempt: one that stood still must not page what its successor has paged.
    private async ValueTask AttemptAsync(List<Notification> batch, CancellationToken cancellation)
    {
        await _lease.CheckAsync(_claim, cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // A channel without digests sends one request for each incident.
        TimeSpan timeout = _definition.Timeout * (_channel.TakesDigests ? 1 : batch.Sum(n => n.Incidents.Count));
        limit.CancelAfter(timeout);
        try
        {
            await _channel.SendAsync(batch, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new SendException($"no answer within {timeout.TotalSeconds:0.#} s", inner: e);
        }
    }

    private ResiliencePipeline Pipeline() => new ResiliencePipelineBuilder { TimeProvider = _time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<SendException>(e => !e.IsPermanent).Handle<BrokenCircuitException>().Handle<ClickHouseException>(),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(500),
            MaxDelay = LongestPause,
            DelayGenerator = args => ValueTask.FromResult(args.Outcome.Exception switch
            {
                SendException { RetryAfter: { } wait } => (TimeSpan?)wait,
                BrokenCircuitException { RetryAfter: { } wait } => wait,
                _ => null,
            }),
            OnRetry = args => { NoteFailure(args.Outcome.Exception!); return default; },
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<SendException>(e => !e.IsPermanent),
            FailureRatio = 1,
            MinimumThroughput = 5,
            SamplingDuration = TimeSpan.FromMinutes(2),
            BreakDuration = TimeSpan.FromSeconds(15),
        })
        .Build();

    private void NoteFailure(Exception e)
    {
        if (e is BrokenCircuitException)
        {
            return;
        }

        _failedAttempts++;
        _problem = e.Message;
        AlertingMetrics.AttemptsFailed.Add(1, new KeyValuePair<string, object?>("channel", _definition.Name));
        LogAttempt(_definition.Name, e.Message);
    }

    // Until it is noted, another instance would send it again.
    private async Task NoteAsync(List<Notification> batch, bool delivered, string detail)
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(200);
        while (true)
        {
            try
            {
                await _store.NoteAsync(batch, delivered, _failedAttempts + 1, detail, _claim, _stop.Token);
                return;
            }
            catch (ClickHouseException e)
            {
                LogNotNoted(_definition.Name, e.Message);
            }

            await Task.Delay(pause, _time, _stop.Token);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private void Forget(IEnumerable<Notification> batch)
    {
        lock (_queued)
        {
            _queued.ExceptWith(batch.Select(n => n.Id));
        }
    }

    private void Finish(IEnumerable<Notification> batch)
    {
        lock (_queued)
        {
            foreach (Notification notification in batch.Where(n => _finished.Add(n.Id)))
            {
                _finishedInOrder.Enqueue(notification.Id);
            }

            while (_finishedInOrder.Count > 2 * QueueLength)
            {
                _finished.Remove(_finishedInOrder.Dequeue());
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "channel {Channel}: not taken, trying again: {Reason}")]
    private partial void LogAttempt(string channel, string reason);

    [LoggerMessage(LogLevel.Error, "channel {Channel}: notification {Id} is dropped: {Reason}")]
    private partial void LogDropped(string channel, string id, string reason);

    [LoggerMessage(LogLevel.Warning, "channel {Channel}: a delivery is not noted yet: {Reason}")]
    private partial void LogNotNoted(string channel, string reason);

    [LoggerMessage(LogLevel.Information, "channel {Channel} stops: {Reason}")]
    private partial void LogStopped(string channel, string reason);

    [LoggerMessage(LogLevel.Error, "channel {Channel} failed")]
    private partial void LogFailed(string channel, Exception error);
}
