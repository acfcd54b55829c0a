using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Claims;
using Telemetry.ClickHouse.Client;
using Telemetry.Hosting.Health;
using Telemetry.Judge.Ask;
using Telemetry.Judge.Sample;
using Telemetry.Judge.Score;
using Telemetry.Judge.Spend;
using Telemetry.Judge.Tell;

namespace Telemetry.Judge;

/// <summary>The judge: of all instances one samples closed minutes and asks the judge model, the others wait for it to fall silent. It reads what the Processor wrote and never stands in its way.</summary>
public sealed partial class JudgeService : IAsyncDisposable
{
    private const int PageSize = 64;
    private const string NotYet = "has not sampled yet";
    private static readonly TimeSpan s_sampleEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_askEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pauseOnRefusal = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly JudgeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WatchedFiles<JudgeSetup> _setup;
    private readonly ClaimLease _lease;
    private readonly BudgetLedger _ledger;
    private readonly JudgeClient _judge;
    private readonly ClosedWindows _closed;
    private readonly WindowSampler _sampler;
    private readonly Allowance _allowance;
    private readonly RequestQueue _queue;
    private readonly OtlpSender _sender;
    private readonly Judging _judging;
    private volatile string? _leaseProblem;
    private volatile string? _sampleProblem = NotYet;
    private volatile string? _askProblem;
    private DateTimeOffset? _sampledTo;
    private Claim? _samplingAs;
    private Claim? _askingAs;
    private long _pending;
    private Task _work = Task.CompletedTask;

    /// <summary>Reads rubrics and rules; nothing runs yet.</summary>
    /// <param name="options">Settings with an endpoint.</param>
    /// <param name="client">ClickHouse, with its tables up to date once the service is started.</param>
    /// <param name="prices">What the judge model costs; must know its price.</param>
    /// <param name="otlp">Base URL of the Collector that gets the judge's own calls; null while there is none.</param>
    /// <param name="loggers">Logs.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="RuleFileException">Rubrics or rules are wrong; one line an error.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="Hosting.Configuration.ConfigurationException">The API key cannot be read.</exception>
    public JudgeService(JudgeOptions options, ClickHouseClient client, JudgePrices prices, Func<Uri?> otlp, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time;
        _logger = loggers.CreateLogger<JudgeService>();
        _setup = JudgeSetup.Watch(options, _logger);
        string instance = options.Instance.Length > 0 ? options.Instance : $"{Environment.MachineName}/{Environment.ProcessId}";
        _lease = new ClaimLease(client, "judge", "the judging", instance, options.LeaseDuration, _logger, time);
        _ledger = new BudgetLedger(client, options.BudgetUsdPerDay, _logger, time);
        _judge = new JudgeClient(options.Endpoint, prices, _ledger, loggers, time);
        _closed = new ClosedWindows(client, options.Grace);
        _sampler = new WindowSampler(client, SamplingKey.Of(options.SamplingKey), instance);
        _allowance = new Allowance(client, options, prices, _ledger, time);
        _queue = new RequestQueue(client, options.MaxAge);
        _sender = new OtlpSender(otlp, options.OtlpKeyFile, _logger, time);
        _judging = new Judging(client, _judge, options.Endpoint, _queue, _sender, _logger, time);
        JudgeMetrics.Observe(this);
    }

    /// <summary>What <c>/readyz</c> asks where the judge is a process of its own.</summary>
    public IReadOnlyList<IReadinessCheck> ReadinessChecks =>
    [
        new ReadinessCheck("judge", () => _leaseProblem ?? (IsLeader ? _sampleProblem ?? _askProblem ?? _ledger.Problem : null), () => Figures),
        new ReadinessCheck("judge_files", () => _setup.Problem),
        new ReadinessCheck("judge_endpoint", () => _judge.Problem),
    ];

    /// <summary>What <c>/readyz</c> asks where others share the process: a judge that does not answer must not take spans' receiver out of service, so it shows in the figures alone.</summary>
    public IReadOnlyList<IReadinessCheck> ReadinessChecksBesideOthers => [new ReadinessCheck("judge", () => null, () => Figures), new ReadinessCheck("judge_files", () => _setup.Problem)];

    /// <summary>Whether this instance judges.</summary>
    public bool IsLeader => _lease.Held is not null;

    internal long Pending => Interlocked.Read(ref _pending);

    internal decimal SpentUsd => _ledger.SpentUsd;

    internal decimal BudgetUsd => _options.BudgetUsdPerDay;

    internal double Pressure { get; private set; } = 1;

    internal double DelaySeconds => _sampledTo is { } to ? (_time.GetUtcNow() - to).TotalSeconds : 0;

    private Dictionary<string, long?> Figures => new()
    {
        ["leader"] = IsLeader ? 1 : 0,
        ["pending"] = Pending,
        ["spent_usd_cents"] = (long)(SpentUsd * 100),
        ["failing"] = (_leaseProblem ?? (IsLeader ? _sampleProblem ?? _askProblem ?? _judge.Problem ?? _ledger.Problem : null)) is null ? 0 : 1,
    };

    /// <summary>Starts working.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _work = Task.WhenAll(
            Task.Run(() => RepeatAsync("lease", _lease.SignEvery, HoldAsync), CancellationToken.None),
            Task.Run(() => RepeatAsync("sampling", s_sampleEvery, SampleAsync), CancellationToken.None),
            Task.Run(() => RepeatAsync("judging", s_askEvery, AskAsync), CancellationToken.None));
        return Task.CompletedTask;
    }

    /// <summary>Stops, and lets the next instance begin at once. What is pending stays pending.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _work.WaitAsync(cancellationToken);
        try
        {
            await _ledger.FlushAsync(cancellationToken);
            await _lease.ReleaseAsync(cancellationToken);
        }
        catch (ClickHouseException e)
        {
            LogNotReleased(e.Message);
        }

        await _sender.DisposeAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sender.DisposeAsync();
        _judge.Dispose();
        _stop.Dispose();
    }

    private async Task HoldAsync()
    {
        try
        {
            await _lease.HoldAsync(_stop.Token);
            _leaseProblem = null;

            // Now and then while judging, so that a kill leaves little that counts in full.
            await _ledger.FlushAsync(_stop.Token);
        }
        catch (Exception e) when (e is ClickHouseException or ClaimLostException)
        {
            _leaseProblem = e is ClickHouseException ? e.Message : null;
            LogLeaseProblem(e.Message);
        }
    }

    // Samples every window that was closed since the last time.
    private async Task SampleAsync()
    {
        if (_lease.Held is not { } claim || claim != _askingAs)
        {
            _samplingAs = null;
            return;
        }

        try
        {
            _setup.Look();
            DateTimeOffset end = await _closed.EndAsync(_stop.Token);
            if (_samplingAs != claim)
            {
                _sampledTo = await _sampler.LastAsync(_stop.Token);
                _samplingAs = claim;
            }

            DateTimeOffset from = _sampledTo ?? end - ClosedWindows.Length;
            DateTimeOffset earliest = ClosedWindows.Floor(end - _options.CatchUp);
            if (from < earliest)
            {
                LogSkipped(from, earliest);
                from = earliest;
            }

            for (; from < end && _lease.Held == claim; from += ClosedWindows.Length)
            {
                await SampleAsync(from);
            }

            _sampleProblem = null;
        }
        catch (ClickHouseException e)
        {
            _samplingAs = null;
            _sampleProblem = Told(_sampleProblem, e.Message);
        }
    }

    private async Task SampleAsync(DateTimeOffset from)
    {
        (long pending, _) = await _queue.CountAsync(_time.GetUtcNow(), _stop.Token);
        Interlocked.Exchange(ref _pending, pending);
        double allowance = await _allowance.OfNextWindowAsync(pending, _stop.Token);
        SampledWindow window = await _sampler.SampleAsync(_setup.Current.Rules, from, allowance, _stop.Token);
        _sampledTo = window.To;
        Pressure = window.Pressure;
        JudgeMetrics.Windows.Add(1);
        JudgeMetrics.Sampled.Add(window.Requests);
        if (window.Requests > 0)
        {
            LogSampled(window.From, window.Calls, window.Requests, window.Pressure);
        }
    }

    // Asks for what is pending, oldest first, until nothing is or the endpoint takes nothing.
    private async Task AskAsync()
    {
        if (_lease.Held is not { } claim)
        {
            _askingAs = null;
            return;
        }

        try
        {
            await TakeOverAsync(claim);
            long expired = await _queue.ExpireAsync(_time.GetUtcNow(), _stop.Token);
            if (expired > 0)
            {
                JudgeMetrics.Outcomes.Add(expired, new("rubric", ""), new KeyValuePair<string, object?>("outcome", "expired"));
                LogExpired(expired, _options.MaxAge);
            }

            IReadOnlyList<JudgeRequest> page = await _queue.NextAsync(_time.GetUtcNow(), PageSize, _stop.Token);
            if (page.Count > 0 && !await JudgeAsync(page, claim))
            {
                TimeSpan pause = _judge.PausedUntil - _time.GetUtcNow();
                await Task.Delay(pause < s_pauseOnRefusal ? s_pauseOnRefusal : pause < s_longestPause ? pause : s_longestPause, _time, _stop.Token);
            }

            (long pending, _) = await _queue.CountAsync(_time.GetUtcNow(), _stop.Token);
            Interlocked.Exchange(ref _pending, pending);
            _askProblem = null;
        }
        catch (ClaimLostException e)
        {
            LogLeaseProblem(e.Message);
        }
        catch (ClickHouseException e)
        {
            _askProblem = Told(_askProblem, e.Message);
        }
    }

    private async Task TakeOverAsync(Claim claim)
    {
        if (_askingAs != claim)
        {
            _judge.Rate.Load(await _ledger.LoadAsync(claim, c => _lease.CheckAsync(claim, c), _stop.Token));
            _judging.Reset();
            _askingAs = claim;
        }
    }

    private async Task<bool> JudgeAsync(IReadOnlyList<JudgeRequest> page, Claim claim)
    {
        int isRefused = 0;
        try
        {
            await Parallel.ForEachAsync(page, new ParallelOptions { MaxDegreeOfParallelism = _options.Endpoint.Concurrency, CancellationToken = _stop.Token }, async (request, cancellation) =>
            {
                if (Volatile.Read(ref isRefused) == 0 && _lease.Held == claim
                    && !await _judging.RunAsync(request, _setup.Current.Rubrics, c => _lease.CheckAsync(claim, c), cancellation))
                {
                    Volatile.Write(ref isRefused, 1);
                }
            });
        }
        finally
        {
            // Until it is recorded, what was set aside counts.
            await _ledger.FlushAsync(CancellationToken.None);
        }

        return isRefused == 0;
    }

    // In the log once, until it is over: the text of the same trouble may differ each time.
    private string Told(string? before, string message)
    {
        if (before is null or NotYet)
        {
            LogProblem(message);
        }

        return message;
    }

    private async Task RepeatAsync(string what, TimeSpan every, Func<Task> work)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await work();
                await Task.Delay(every, _time, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever goes wrong is told on /readyz and tried again; the process stays up to tell it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _askProblem = $"{what}: {e.Message}";
                LogFailed(what, e);
                await Task.Delay(s_pauseOnRefusal, _time, CancellationToken.None);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "sampled the minute of {From:HH:mm}: {Calls} calls, {Requests} to judge, pressure {Pressure:0.00}")]
    private partial void LogSampled(DateTimeOffset from, long calls, long requests, double pressure);

    [LoggerMessage(LogLevel.Warning, "nobody sampled from {From} to {To}, and that is left so")]
    private partial void LogSkipped(DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(LogLevel.Warning, "{Count} sampled calls were not judged within {MaxAge} and are given up")]
    private partial void LogExpired(long count, TimeSpan maxAge);

    [LoggerMessage(LogLevel.Warning, "the lease: {Reason}")]
    private partial void LogLeaseProblem(string reason);

    [LoggerMessage(LogLevel.Warning, "judging waits: {Reason}")]
    private partial void LogProblem(string reason);

    [LoggerMessage(LogLevel.Warning, "what was spent, or the lease, could not be recorded at the end: {Reason}")]
    private partial void LogNotReleased(string reason);

    [LoggerMessage(LogLevel.Error, "{What} failed")]
    private partial void LogFailed(string what, Exception error);
}
