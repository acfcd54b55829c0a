using Microsoft.Extensions.Logging;
using Telemetry.Alerting.Evaluate;
using Telemetry.Alerting.Lease;
using Telemetry.Alerting.Notify;
using Telemetry.Alerting.Track;
using Telemetry.ClickHouse.Client;
using Telemetry.Hosting.Health;

namespace Telemetry.Alerting;

/// <summary>Alerting: of all instances one evaluates the rules, keeps incidents and notifies; the others wait for it to fall silent.</summary>
public sealed partial class AlertingService : IAsyncDisposable
{
    private readonly AlertingOptions _options;
    private readonly IReadOnlyList<AlertingTask> _tasks;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly WatchedFiles<AlertingSetup> _setup;
    private readonly AlertLease _lease;
    private readonly IncidentStore _store;
    private readonly Silences _silences;
    private readonly Round _round;
    private readonly IncidentBook _book = new();
    private readonly MessageBuilder _messages;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, string> _taskProblems = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<(string State, int Count)> _open = [];
    private volatile Notifier? _notifier;
    private volatile string? _problem = "has not evaluated yet";
    private volatile string? _leaseProblem;
    private Claim? _loaded;
    private Task _work = Task.CompletedTask;

    /// <summary>Reads rules and channels; nothing runs yet.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="client">ClickHouse, with its tables up to date once the service is started.</param>
    /// <param name="tasks">Other work that one instance at a time does.</param>
    /// <param name="loggers">Logs.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="RuleFileException">Rules or channels are wrong; one line an error.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public AlertingService(AlertingOptions options, ClickHouseClient client, IReadOnlyList<AlertingTask> tasks, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _tasks = tasks;
        _loggers = loggers;
        _logger = loggers.CreateLogger<AlertingService>();
        _time = time;
        _setup = AlertingSetup.Watch(options, _logger);
        string instance = options.Instance.Length > 0 ? options.Instance : $"{Environment.MachineName}/{Environment.ProcessId}";
        _lease = new AlertLease(client, instance, options.LeaseDuration, _logger, time);
        _store = new IncidentStore(client);
        _silences = new Silences(client);
        _round = new Round(client, options, _logger, time);
        _messages = new MessageBuilder(options.IncidentLink, options.TraceLink);
        AlertingMetrics.Observe(this);
    }

    /// <summary>What <c>/readyz</c> asks where Alerting is a process of its own.</summary>
    public IReadOnlyList<IReadinessCheck> ReadinessChecks =>
    [
        new ReadinessCheck("alerting", () => _leaseProblem ?? (IsLeader ? _problem : null), () => Figures),
        new ReadinessCheck("alerting_rules", () => _setup.Problem ?? RuleProblem),
        new ReadinessCheck("alerting_channels", () => ChannelProblem, () => Owed),
    ];

    /// <summary>What <c>/readyz</c> asks where others share the process: a receiver of notifications that does not answer must not take spans' receiver out of service, so it shows in the figures alone.</summary>
    public IReadOnlyList<IReadinessCheck> ReadinessChecksBesideOthers => [ReadinessChecks[0], new ReadinessCheck("alerting_rules", () => _setup.Problem), new ReadinessCheck("alerting_channels", () => null, () => Owed)];

    /// <summary>Whether this instance evaluates.</summary>
    public bool IsLeader => _lease.Held is not null;

    internal string? FilesProblem => _setup.Problem;

    internal IReadOnlyList<(string State, int Count)> OpenIncidents => _open;

    internal IReadOnlyDictionary<string, long?> Owed => _notifier?.Waiting ?? new Dictionary<string, long?>();

    private Dictionary<string, long?> Figures => _open.ToDictionary(o => o.State, o => (long?)o.Count)
        .Append(new("leader", IsLeader ? 1 : 0)).Append(new("failing_tasks", TaskProblem is null ? 0 : 1)).ToDictionary();

    private string? RuleProblem => _round.Problems.Select(p => $"{p.Key}: {p.Value}").FirstOrDefault() ?? TaskProblem;

    private string? TaskProblem
    {
        get
        {
            lock (_taskProblems)
            {
                return _taskProblems.Select(p => $"{p.Key}: {p.Value}").FirstOrDefault();
            }
        }
    }

    private string? ChannelProblem => _notifier?.Problems.Select(p => $"{p.Channel}: {p.Problem}").FirstOrDefault();

    /// <summary>Starts working.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _work = Task.WhenAll(Task.Run(HoldAsync, CancellationToken.None), Task.Run(EvaluateAsync, CancellationToken.None), Task.WhenAll(_tasks.Select(t => Task.Run(() => RepeatAsync(t), CancellationToken.None))));
        return Task.CompletedTask;
    }

    /// <summary>Stops, and lets the next instance begin at once. What is owed stays owed.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _work.WaitAsync(cancellationToken);
        await ReplaceNotifierAsync(null);
        try
        {
            await _lease.ReleaseAsync(cancellationToken);
        }
        catch (ClickHouseException e)
        {
            LogNotReleased(e.Message);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stop.Dispose();
    }

    private Task HoldAsync() => RepeatAsync(_lease.SignEvery, async () =>
    {
        try
        {
            await _lease.HoldAsync(_stop.Token);
            _leaseProblem = null;
        }
        catch (Exception e) when (e is ClickHouseException or ClaimLostException)
        {
            _leaseProblem = e is ClickHouseException ? e.Message : null;
            LogLeaseProblem(e.Message);
        }
    });

    // Looks for its turn more often than it evaluates, so that a takeover does not wait for a round.
    private async Task EvaluateAsync()
    {
        long last = 0;
        await RepeatAsync(TimeSpan.FromSeconds(1) < _options.EvaluateEvery ? TimeSpan.FromSeconds(1) : _options.EvaluateEvery, async () =>
        {
            if (_lease.Held is not { } claim)
            {
                await LeaveAsync();
            }
            else if (_loaded != claim || _time.GetElapsedTime(last) >= _options.EvaluateEvery)
            {
                last = _time.GetTimestamp();
                await EvaluateAsync(claim);
            }
        });
    }

    private async Task EvaluateAsync(Claim claim)
    {
        try
        {
            _setup.Look();
            AlertingSetup setup = _setup.Current;
            await LoadAsync(claim, setup);
            await _silences.ReadAsync(_book.Open.Select(i => i.Id).ToHashSet(StringComparer.Ordinal), _stop.Token);
            await RecordAsync(await _round.RunAsync(setup, _book, _silences, _stop.Token), claim);
            await _notifier!.FetchMoreAsync(_stop.Token);
            _problem = null;
        }
        catch (ClaimLostException e)
        {
            LogLeaseProblem(e.Message);
            await LeaveAsync();
        }
        catch (ClickHouseException e)
        {
            _problem = e.Message;
            LogRoundFailed(e.Message);
        }
    }

    // Recorded first with what is owed, then applied and sent: whatever happens in between, the next instance finds it owed.
    private async Task RecordAsync(IReadOnlyList<IncidentChange> changes, Claim claim)
    {
        if (changes.Count > 0)
        {
            // Until it is known to be recorded, what is in memory may be wrong.
            _loaded = null;
            DateTimeOffset now = _time.GetUtcNow();
            await _store.AppendAsync(changes, claim, now, _stop.Token);
            await _lease.CheckAsync(claim, _stop.Token);
            foreach (IncidentChange change in changes)
            {
                _book.Apply(change.After);
                LogChange(change.After.Rule, change.What, change.After.Id, change.After.Text);
            }

            _loaded = claim;
            _notifier!.Enqueue(changes.Where(c => c.Owes.Count > 0).GroupBy(c => (c.GroupId, c.OwesKind))
                .SelectMany(g => g.SelectMany(c => c.Owes).Distinct().Select(channel => new Notification(
                    g.Key.GroupId, channel, g.Key.OwesKind, now,
                    [.. g.Where(c => c.Owes.Contains(channel)).Select(c => c.After).OrderBy(i => i.Key, StringComparer.Ordinal)]))));
        }

        _open = [.. _book.Open.GroupBy(i => i.State).Select(g => (g.Key.ToString().ToLowerInvariant(), g.Count()))];
    }

    private async Task LoadAsync(Claim claim, AlertingSetup setup)
    {
        if (_notifier is null || _notifier.Claim != claim || !ReferenceEquals(_notifier.Channels, setup.Channels))
        {
            await ReplaceNotifierAsync(new Notifier(setup.Channels, _messages, claim, _lease, _store, _loggers, _time));
            _loaded = null;
        }

        if (_loaded != claim)
        {
            _book.Load(await _store.LoadAsync(_stop.Token));
            _notifier!.Enqueue(await _store.OwedAsync(_stop.Token));
            _loaded = claim;
        }
    }

    private async Task LeaveAsync()
    {
        _loaded = null;
        _open = [];
        await ReplaceNotifierAsync(null);
    }

    private async Task ReplaceNotifierAsync(Notifier? next)
    {
        Notifier? previous = _notifier;
        if (previous is not null)
        {
            await previous.DisposeAsync();
        }

        _notifier = next;
    }

    private Task RepeatAsync(AlertingTask task) => RepeatAsync(_options.EvaluateEvery, async () =>
    {
        if (!IsLeader)
        {
            return;
        }

        try
        {
            await task.TickAsync(_stop.Token);
            SetTaskProblem(task.Name, null);
        }
#pragma warning disable CA1031 // One task's trouble is told on /readyz; rules and the other tasks go on.
        catch (Exception e) when (!_stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            SetTaskProblem(task.Name, e.Message);
            LogTaskFailed(task.Name, e);
        }
    });

    private void SetTaskProblem(string task, string? problem)
    {
        lock (_taskProblems)
        {
            if (problem is null)
            {
                _taskProblems.Remove(task);
            }
            else
            {
                _taskProblems[task] = problem;
            }
        }
    }

    private async Task RepeatAsync(TimeSpan every, Func<Task> work)
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                await work();
                await Task.Delay(every, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
#pragma warning disable CA1031 // Whatever ends the work is told on /readyz; the process stays up to tell it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _leaseProblem = $"stopped: {e.Message}";
            LogStopped(e);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Rule}: {Change} ({Incident}): {Text}")]
    private partial void LogChange(string rule, string change, string incident, string text);

    [LoggerMessage(LogLevel.Warning, "the lease: {Reason}")]
    private partial void LogLeaseProblem(string reason);

    [LoggerMessage(LogLevel.Warning, "a round could not be done: {Reason}")]
    private partial void LogRoundFailed(string reason);

    [LoggerMessage(LogLevel.Warning, "the lease could not be released, it runs out by itself: {Reason}")]
    private partial void LogNotReleased(string reason);

    [LoggerMessage(LogLevel.Error, "{Task} failed")]
    private partial void LogTaskFailed(string task, Exception error);

    [LoggerMessage(LogLevel.Critical, "alerting stopped")]
    private partial void LogStopped(Exception error);
}
