using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Client;
using Telemetry.Detection.Compare;
using Telemetry.Detection.Model;
using Telemetry.Detection.Read;
using Telemetry.Detection.Record;
using Telemetry.Detection.Track;

namespace Telemetry.Detection;

/// <summary>
/// Looks at every minute of the rollups that has been closed, and records what stands out in <c>llm_anomalies</c>. One instance at a time; two at once, or one that is
/// killed anywhere, record nothing twice. Not thread-safe: one caller, who calls <see cref="TickAsync"/> every few seconds.
/// </summary>
/// <param name="client">The database of the rollups; needs a user who may insert.</param>
/// <param name="options">Settings, already checked.</param>
/// <param name="instance">Name of this instance, kept with each row.</param>
/// <param name="loggers">For what an operator must know.</param>
/// <param name="time">The clock.</param>
public sealed partial class DetectionLoop(ClickHouseClient client, DetectionOptions options, string instance, ILoggerFactory loggers, TimeProvider time)
{
    private const int MostMinutes = 60;
    private const int MostExemplarQueries = 50;
    private static readonly TimeSpan s_refresh = TimeSpan.FromMinutes(10);

    private readonly ILogger _logger = loggers.CreateLogger<DetectionLoop>();
    private readonly ProgressReader _progress = new(client);
    private readonly NoveltyReader _novelties = new(client);
    private readonly WatchList _list = new(client, options);
    private readonly OpenAnomalies _anomalies = new();
    private readonly AnomalyStore _store = new(client, instance);
    private readonly ExemplarReader _exemplars = new(client);
    private readonly Queue<Anomaly> _pending = new();
    private DateTimeOffset? _started;
    private DateTimeOffset _refreshed;
    private DateTimeOffset? _stalledSince;
    private long _next;
    private bool _isLoaded;

    /// <summary>End of the newest minute that was looked at; null before the first.</summary>
    public DateTimeOffset? LookedAtUntil => _isLoaded ? DateTimeOffset.FromUnixTimeSeconds(_next * 60) : null;

    /// <summary>What it waits for, for <c>/readyz</c>; null when it gets on.</summary>
    public string? Problem { get; private set; }

    /// <summary>Looks at every minute that was closed since the last time and records what stands out. After an error the next call goes on where this one stopped.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked or does not take a row.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; everything recorded so far stands.</exception>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        if (!options.Enabled)
        {
            return;
        }

        long started = Stopwatch.GetTimestamp();
        DateTimeOffset now = time.GetUtcNow();
        _started ??= now;
        Watermark watermark = await _progress.ReadAsync(now, cancellationToken);
        (long to, long wholeTo) = Closed(now, watermark);
        if (to > 0)
        {
            await LoadAsync(now, to, cancellationToken);
            await LookAsync(now, to, wholeTo, cancellationToken);
        }

        await WriteAsync(cancellationToken);
        DetectionMetrics.TickDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    // Minutes before the first one were closed, or given up; those before the second were passed by all Processors.
    private (long To, long WholeTo) Closed(DateTimeOffset now, Watermark watermark)
    {
        long wholeTo = watermark.PassedAt is { } passed ? MinuteOf(passed - options.Grace) : 0;
        DateTimeOffset limit = now - options.MaxWait;
        bool isStalled = watermark.PassedAt is { } at ? at < limit : _started < limit;
        _stalledSince = isStalled ? _stalledSince ?? now : null;
        string waiting = watermark.PassedAt is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"{watermark.Slowest} is written up to {last:HH:mm:ss} only")
            : watermark.Slowest;
        Problem = isStalled ? $"the Processors do not get on: {waiting}; rates are not watched" : null;
        if (isStalled && _stalledSince == now)
        {
            LogStalled(waiting);
        }

        return (isStalled ? Math.Max(wholeTo, MinuteOf(limit - options.Grace)) : wholeTo, wholeTo);
    }

    private async Task LoadAsync(DateTimeOffset now, long to, CancellationToken cancellation)
    {
        if (!_isLoaded)
        {
            long from = to - (long)options.CatchUp.TotalMinutes;
            await _list.RefreshAsync(now, from, cancellation);
            foreach (Anomaly anomaly in await _store.LoadAsync(DateTimeOffset.FromUnixTimeSeconds((from - OpenAnomalies.SameWithin) * 60), cancellation))
            {
                _anomalies.Load(anomaly);
            }

            (_next, _refreshed, _isLoaded) = (from, now, true);
            ResumeOpen();
        }
        else if (now - _refreshed >= s_refresh && to > _next)
        {
            await _list.RefreshAsync(now, _next, cancellation);
            _refreshed = now;
        }
    }

    private async Task LookAsync(DateTimeOffset now, long to, long wholeTo, CancellationToken cancellation)
    {
        while (_next < to)
        {
            long end = Math.Min(to, _next + MostMinutes);
            IReadOnlyList<Novelty> novelties = await _novelties.ReadAsync(_next, end, options.HistoryDays, cancellation);
            await _list.ObserveAsync(_next, end, wholeTo, Take, cancellation);
            foreach (Novelty novelty in novelties)
            {
                Keep(_anomalies.Tell(novelty));
            }

            _novelties.Remember(novelties);

            foreach (Anomaly expired in _anomalies.Expire(end - 1, t => _list.Find(t) is not null))
            {
                Keep(expired);
            }

            long whole = Math.Clamp(wholeTo - _next, 0, end - _next);
            DetectionMetrics.Minutes.Add(whole, new KeyValuePair<string, object?>("fate", "closed"));
            DetectionMetrics.Minutes.Add(end - _next - whole, new KeyValuePair<string, object?>("fate", "forced"));
            _next = end;
            ResumeOpen();
        }

        DetectionMetrics.Delay.Record((now - DateTimeOffset.FromUnixTimeSeconds(_next * 60)).TotalSeconds);
    }

    // An anomaly that is recorded as open, but not by what its detector knows, is followed all the same until it is over.
    private void ResumeOpen()
    {
        foreach (Anomaly anomaly in _anomalies.Open.Where(a => a.Kind != "novelty" && a.OpenedAt < _next))
        {
            if (_list.Find(anomaly.Topic) is { IsOpen: false } detector)
            {
                detector.Resume(anomaly.OpenedAt, anomaly.Topic.Up, anomaly.WindowMinutes);
            }
        }
    }

    private void Take(AnomalyTopic topic, MetricTraits traits, long minute, SeriesVerdict verdict) =>
        Keep(_anomalies.Follow(topic, traits, minute, verdict, _list.Find(topic)?.Learned ?? 0));

    private void Keep(Anomaly? anomaly)
    {
        if (anomaly is not null)
        {
            _pending.Enqueue(anomaly);
        }
    }

    // A row leaves the queue when it is written; one that is written twice is there once.
    private async Task WriteAsync(CancellationToken cancellation)
    {
        int queries = 0;
        while (_pending.TryPeek(out Anomaly? anomaly))
        {
            if (anomaly.IsOpen && queries++ < MostExemplarQueries)
            {
                anomaly = anomaly with { Exemplars = await _exemplars.ReadAsync(anomaly, cancellation) };
            }

            _anomalies.Adopt(await _store.WriteAsync(anomaly, cancellation));
            _pending.Dequeue();
            string change = !anomaly.IsOpen ? "closed" : anomaly.Revision == 1 ? "open" : "again";
            DetectionMetrics.Anomalies.Add(
                1, new("metric", anomaly.Topic.Metric), new("change", change), new KeyValuePair<string, object?>("severity", anomaly.Severity.ToString().ToLowerInvariant()));
        }
    }

    private static long MinuteOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;

    [LoggerMessage(LogLevel.Warning, "the Processors do not get on: {Waiting}; minutes are looked at as they are, without request and spend rates")]
    private partial void LogStalled(string waiting);
}
