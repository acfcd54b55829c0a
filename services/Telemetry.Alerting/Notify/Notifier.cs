using Microsoft.Extensions.Logging;
using Telemetry.Alerting.Track;
using Telemetry.ClickHouse.Claims;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Notify;

/// <summary>The channels of the instance that holds the claim: one worker each.</summary>
internal sealed class Notifier : IAsyncDisposable
{
    private readonly Dictionary<string, ChannelWorker> _workers;
    private readonly IncidentStore _store;

    public Notifier(IReadOnlyList<ChannelDefinition> channels, MessageBuilder messages, Claim claim, ClaimLease lease, IncidentStore store, ILoggerFactory loggers, TimeProvider time)
    {
        _store = store;
        ILogger logger = loggers.CreateLogger<Notifier>();
        Claim = claim;
        Channels = channels;
        _workers = channels.ToDictionary(c => c.Name, c => new ChannelWorker(c, ChannelFactory.Create(c, messages, loggers, time), claim, lease, store, logger, time), StringComparer.Ordinal);
    }

    /// <summary>The claim under which it sends.</summary>
    public Claim Claim { get; }

    /// <summary>The channels that it was made of.</summary>
    public IReadOnlyList<ChannelDefinition> Channels { get; }

    /// <summary>Channels in trouble, by name.</summary>
    public IEnumerable<(string Channel, string Problem)> Problems => _workers.Where(w => w.Value.Problem is not null).Select(w => (w.Key, w.Value.Problem!));

    /// <summary>What waits, by channel.</summary>
    public IReadOnlyDictionary<string, long?> Waiting => _workers.ToDictionary(w => w.Key, w => (long?)w.Value.Waiting);

    /// <summary>Queues what was recorded as owed. A channel that is not there any more is left owing until it comes back.</summary>
    public void Enqueue(IEnumerable<Notification> notifications)
    {
        foreach (Notification notification in notifications)
        {
            _workers.GetValueOrDefault(notification.Channel)?.Enqueue(notification);
        }
    }

    /// <summary>Fetches what did not fit into the queues before.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task FetchMoreAsync(CancellationToken cancellation)
    {
        ChannelWorker[] wanting = [.. _workers.Values.Where(w => w.WantsMore)];
        if (wanting.Length > 0)
        {
            Array.ForEach(wanting, w => w.FetchesMore());
            Enqueue(await _store.OwedAsync(cancellation));
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_workers.Values.Select(w => w.DisposeAsync().AsTask()));
    }
}
