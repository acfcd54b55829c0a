using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Client;
using Telemetry.Contracts.Prices;
using Telemetry.Hosting.Health;
using Telemetry.Processor.Attribution;
using Telemetry.Processor.Consume;
using Telemetry.Processor.CountTokens;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Events;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Price;
using Telemetry.Processor.Time;
using Telemetry.Processor.Write;
using Telemetry.SpanLog;

namespace Telemetry.Processor;

/// <summary>The Processor: takes the partitions that the reader group gives it and runs one lane for each.</summary>
public sealed partial class ProcessorService(
    ProcessorOptions options, ISpanLog log, ClickHouseClient client, Func<PriceBook> prices, ILoggerFactory loggers, TimeProvider time) : IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<ProcessorService>();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Lane, Task> _lanes = new();
    private readonly string _instance = $"{Environment.MachineName}/{Environment.ProcessId}";
    private ISpanLogReader? _reader;
    private Task _assigning = Task.CompletedTask;
    private volatile string? _failure;

    /// <summary>What <c>/readyz</c> asks.</summary>
    public IReadOnlyList<IReadinessCheck> ReadinessChecks =>
    [
        new ReadinessCheck("processor", () => _failure ?? _lanes.Keys.Select(l => l.Problem is { } p ? $"{l.Name}: {p}" : null).FirstOrDefault(p => p is not null)),
    ];

    /// <summary>Lag of every lane, by topic and partition.</summary>
    public IReadOnlyDictionary<string, long?> Lag => _lanes.Keys.ToDictionary(l => l.Name, l => l.Lag);

    /// <summary>Joins the reader group and starts working.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _reader = log.OpenReader(options.Group, [SpanLogTopics.Spans, SpanLogTopics.Logs, SpanLogTopics.DeadLetters]);
        _assigning = Task.Run(AssignAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Stops reading and waits for the lanes. A batch that is being written is dropped at the next step; it was not committed, so it is replayed by the next start.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _assigning.WaitAsync(cancellationToken);
        await Task.WhenAll(_lanes.Values).WaitAsync(cancellationToken);
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
            _reader = null;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stop.Dispose();
    }

    private async Task AssignAsync()
    {
        try
        {
            await foreach (ISpanLogLane source in _reader!.LanesAsync(_stop.Token))
            {
                Lane lane = CreateLane(source);
                _lanes[lane] = Task.Run(() => RunAsync(lane), CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
#pragma warning disable CA1031 // Whatever ends the assignment is told on /readyz; the process stays up to tell it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = $"no longer reading: {e.Message}";
            LogFailed("assignment", e);
        }
    }

    private async Task RunAsync(Lane lane)
    {
        try
        {
            await lane.RunAsync(_stop.Token);
        }
#pragma warning disable CA1031 // A lane that cannot go on is told on /readyz; the other lanes go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = $"{lane.Name} stopped: {e.Message}";
            LogFailed(lane.Name, e);
        }
        finally
        {
            _lanes.TryRemove(lane, out _);
        }
    }

    // Everything that a lane works with is its own, so nothing on the way is locked.
    private Lane CreateLane(ISpanLogLane source)
    {
        var notes = new BatchNotes(client, _instance);
        return new Lane(source, log, claim => CreateWork(source, new LaneInserts(source, claim, client, notes, _logger, time)), notes, options.Batch, _logger, time);
    }

    private IBatchWork CreateWork(ISpanLogLane source, LaneInserts inserts) => source.Topic switch
    {
        SpanLogTopics.Logs => CreateLogWork(source, inserts),
        SpanLogTopics.DeadLetters => new DeadLetterWork(inserts, source.Partition),
        _ => CreateSpanWork(source, inserts),
    };

    private SpanWork CreateSpanWork(ISpanLogLane source, LaneInserts inserts)
    {
        var keys = new AttributeKeys();
        var batch = new SpanBatch(keys);
        var window = new TraceWindow(Math.Max(options.Window.MaxSpans, 2 * options.Batch.MaxSpans), (uint)RandomNumberGenerator.GetInt32(int.MaxValue));
        var writer = new BatchWriter(inserts, client, new ResourceKeys(keys), keys, source.Partition, options.ContentShare);
        return new SpanWork(
            batch, [new NormalizeStage(keys)], new AttributeStage(window), [new CountTokensStage(keys), new TimeStage(time), new PriceStage(prices)], window,
            new WindowLoader(client, options.Window, time), writer);
    }

    private LogWork CreateLogWork(ISpanLogLane source, LaneInserts inserts)
    {
        var keys = new AttributeKeys();
        return new LogWork(new SpanBatch(keys), new EventWriter(keys, inserts, source.Partition, options.ContentShare, time));
    }

    [LoggerMessage(LogLevel.Critical, "{What} failed")]
    private partial void LogFailed(string what, Exception error);
}
