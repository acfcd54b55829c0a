using System.Collections.Concurrent;
using System.Globalization;
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
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Processor.Price;
using Telemetry.Processor.Screen;
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
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Lane, Task> _lanes = new();
    private readonly ConcurrentDictionary<string, string> _failures = new();
    private readonly string _instance = $"{Environment.MachineName}/{Environment.ProcessId}";
    private ISpanLogReader? _reader;
    private Task _assigning = Task.CompletedTask;
    private Task _reporting = Task.CompletedTask;
    private volatile string? _failure;

    /// <summary>What <c>/readyz</c> asks.</summary>
    public IReadOnlyList<IReadinessCheck> ReadinessChecks => [new ReadinessCheck("processor", () => Problem), new ReadinessCheck("lag", () => TooFarBehind, () => Lag)];

    /// <summary>What is not finished of every partition that this Processor has, by topic and number: records (Kafka) or bytes (local log); null when not known yet.</summary>
    public IReadOnlyDictionary<string, long?> Lag
    {
        get
        {
            var lags = new Dictionary<string, long?>();
            foreach (Lane lane in _lanes.Keys.OrderBy(l => l.Topic, StringComparer.Ordinal).ThenBy(l => l.Partition))
            {
                // A lane that is ending and its successor have the same name.
                lags[lane.Name] = lane.Lag;
            }

            return lags;
        }
    }

    private string? Problem =>
        _failure ?? _failures.Values.FirstOrDefault() ?? _lanes.Keys.Select(l => l.Problem is { } p ? $"{l.Name}: {p}" : null).FirstOrDefault(p => p is not null);

    private string? TooFarBehind => options.MaxLag == 0 ? null : Lag
        .Where(l => l.Value > options.MaxLag)
        .Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key} is {l.Value} behind; Telemetry:Processor:MaxLag allows {options.MaxLag}"))
        .FirstOrDefault();

    /// <summary>Joins the reader group and starts working.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _reader = log.OpenReader(options.Group, [SpanLogTopics.Spans, SpanLogTopics.Logs, SpanLogTopics.DeadLetters]);
        _assigning = Task.Run(AssignAsync, CancellationToken.None);
        _reporting = Task.Run(ReportAsync, CancellationToken.None);
        ProcessorMetrics.ObserveLag(() => _lanes.Keys.Select(l => (l.Topic, l.Partition, l.Lag)));
        return Task.CompletedTask;
    }

    /// <summary>
    /// Stops reading and waits for the lanes. A batch that is being written is dropped at the next step; it was not committed, so it is replayed by the next start.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _assigning.WaitAsync(cancellationToken);
        await _reporting.WaitAsync(cancellationToken);
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

    private async Task ReportAsync()
    {
        try
        {
            await new ProgressReporter(log, client, _instance, _logger, time).RunAsync(() => _lanes.Keys, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
#pragma warning disable CA1031 // Without reports the detection waits and says so; spans are processed all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed("the report of progress", e);
        }
    }

    private async Task RunAsync(Lane lane)
    {
        try
        {
            await PauseAfterFailureAsync(lane);
            await lane.RunAsync(_stop.Token);
        }
#pragma warning disable CA1031 // A lane that cannot go on is told on /readyz; the other lanes go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failures[lane.Name] = $"{lane.Name} stopped, and starts anew: {e.Message}";
            LogFailed(lane.Name, e);
        }
        finally
        {
            _lanes.TryRemove(lane, out _);
        }
    }

    // The log offers the partition of a lane that failed again at once.
    private async Task PauseAfterFailureAsync(Lane lane)
    {
        if (_failures.ContainsKey(lane.Name))
        {
            await Task.Delay(FailurePause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _failures.TryRemove(lane.Name, out _);
        }
    }

    // Everything that a lane works with is its own, so nothing on the way is locked.
    private Lane CreateLane(ISpanLogLane source)
    {
        var notes = new BatchNotes(client, _instance);
        LaneInserts Inserts(LaneClaim claim) => new(source, claim, client, notes, _logger, time);
        return new Lane(source, log, claim => CreateWork(source, Inserts(claim)), new LargeLetters(source, Inserts(LaneClaim.Exclusive)), notes, options.Batch, _logger, time);
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
        var window = new TraceWindow(Math.Max(options.Window.MaxSpans, 2 * options.Batch.MaxSpans), (uint)RandomNumberGenerator.GetInt32(int.MaxValue));
        var messages = new CallMessages(keys);
        var writer = new BatchWriter(inserts, client, keys, messages, source.Partition, options.ContentShare);
        var line = new StageLine(
            new SpanBatch(keys) { DefaultTenant = System.Text.Encoding.UTF8.GetBytes(options.DefaultTenant) }, new NormalizeStage(keys), new AttributeStage(window),
            [new CountTokensStage(messages), new TimeStage(time), new PriceStage(prices), new ScreenStage(messages, options.Screen)], writer);
        return new SpanWork(line, window, new WindowLoader(client, options.Window, time), writer);
    }

    private LogWork CreateLogWork(ISpanLogLane source, LaneInserts inserts)
    {
        var keys = new AttributeKeys();
        return new LogWork(new SpanBatch(keys) { DefaultTenant = System.Text.Encoding.UTF8.GetBytes(options.DefaultTenant) }, new EventWriter(keys, inserts, source.Partition, options.ContentShare, time));
    }

    [LoggerMessage(LogLevel.Critical, "{What} failed")]
    private partial void LogFailed(string what, Exception error);
}
