using System.Diagnostics;
using Telemetry.LoadGenerator.Measure;
using Telemetry.LoadGenerator.Payload;
using Telemetry.LoadGenerator.Report;
using Telemetry.LoadGenerator.Send;
using Telemetry.LoadGenerator.Target;
using Telemetry.LoadGenerator.Verify;

namespace Telemetry.LoadGenerator.Run;

/// <summary>A run over one target: warm-up, phases, verification.</summary>
internal sealed class LoadRun : IDisposable
{
    // Bodies that are compressed beforehand have to last for a phase: so many requests a second are more than two cores take.
    private const int CompressedRequestsPerSecond = 1500;
    private static readonly TimeSpan UnseenBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan QuietBound = TimeSpan.FromSeconds(10);
    private static readonly double[] Bounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    private readonly LoadSettings _settings;
    private readonly ITarget _target;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _started;
    private readonly RunIds _ids = new();
    private readonly RequestNumbers _numbers = new();
    private readonly RequestLedger _ledger = new();
    private readonly PayloadFactory _factory;
    private readonly List<ISender> _senders;
    private readonly ClickHouseReader? _reader;
    private readonly Verification? _verification;
    private readonly Backlog? _backlog;

    public LoadRun(LoadSettings settings, ITarget target, TimeProvider time)
    {
        (_settings, _target, _time) = (settings, target, time);
        _started = time.GetUtcNow();
        _factory = new PayloadFactory(settings.Payload, _ids, time);
        _senders = [.. Enumerable.Range(0, settings.Send.Connections).Select(_ => CreateSender(settings.Send.Gzip))];
        if (target.ClickHouse is { } clickHouse)
        {
            _reader = new ClickHouseReader(clickHouse);
            _verification = new Verification(_reader, _factory, _ledger, _started, time);
            _backlog = new Backlog(_verification, _ledger, _factory, settings.Backlog, time);
        }
    }

    /// <summary>Runs; stops early, and still verifies, when cancelled.</summary>
    public async Task<RunReport> RunAsync(CancellationToken stop)
    {
        var phases = new List<PhaseReport>();
        using var end = new CancellationTokenSource();
        Task looking = _backlog?.RunAsync(end.Token) ?? Task.CompletedTask;
        await using (var watch = new TargetWatch(_target.Processes, _time))
        {
            if (_settings.WarmUp > TimeSpan.Zero)
            {
                await RunPhaseAsync(watch, "warm-up", rate: 0, _settings.WarmUp, stop);
            }

            phases.Add(await RunPhaseAsync(watch, _settings.Rate > 0 ? "paced" : "saturate", _settings.Rate, _settings.Duration, stop));
            if (_settings.ThenShare > 0 && !stop.IsCancellationRequested)
            {
                double rate = _settings.ThenShare * (phases[0].StoredSpansPerSecond ?? phases[0].AcceptedSpansPerSecond);
                phases.Add(await RunPhaseAsync(watch, $"paced at {_settings.ThenShare:P0}", rate, _settings.ThenDuration, stop));
            }
        }

        await end.CancelAsync();
        await looking;
        return new RunReport
        {
            Run = _ids.Name,
            Started = _started,
            Target = _target.Description,
            Payload = Describe(),
            Phases = phases,
            Verification = await VerifyAsync(),
        };
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _senders.ForEach(s => s.Dispose());
        _reader?.Dispose();
    }

    private async Task<PhaseReport> RunPhaseAsync(TargetWatch watch, string name, double rate, TimeSpan duration, CancellationToken stop)
    {
        OpenLoopSchedule? schedule = rate > 0 ? new OpenLoopSchedule(rate, _factory.Spans, duration) : null;
        IBodySource source = Bodies(schedule?.Count ?? (long)(duration.TotalSeconds * CompressedRequestsPerSecond), stop);
        var counters = new PhaseCounters(_ledger);
        using var end = new CancellationTokenSource();
        watch.Mark();
        (double generator, double machine) = (GeneratorCpu(), ProcessUsage.MachineBusySeconds());
        Task progress = new Progress(watch, _factory.Spans, _backlog).RunAsync(name, counters, _time, end.Token);
        Task<(Quantiles Times, int Unseen)>? freshness = schedule is not null && _settings.Freshness ? MeasureFreshnessAsync(end.Token) : null;
        TimeSpan sending = await SendAsync(schedule, source, duration, counters, stop);
        long sent = Stopwatch.GetTimestamp();
        double? drain = _verification is not null && await _verification.WaitAsync(_settings.DrainBound, CancellationToken.None) ? Stopwatch.GetElapsedTime(sent).TotalSeconds : null;
        IReadOnlyList<TargetUsage> targets = watch.Read();
        (generator, machine) = (GeneratorCpu() - generator, ProcessUsage.MachineBusySeconds() - machine);
        await end.CancelAsync();
        await progress;
        (Quantiles? fresh, int unseen) = freshness is null ? (null, 0) : await freshness;
        return new PhaseReport
        {
            Name = name,
            OfferedSpansPerSecond = rate > 0 ? rate : null,
            Spans = counters.Acknowledged * _factory.Spans,
            Requests = counters.Acknowledged,
            Refused = counters.Refused,
            Failed = counters.Failed,
            Troubles = counters.Troubles,
            SendSeconds = sending.TotalSeconds,
            DrainSeconds = drain,
            Bytes = counters.Bytes,
            Targets = targets,
            GeneratorCpuSeconds = generator,
            MachineCpuSeconds = machine,
            LatencyMs = counters.Latency.ToQuantiles(),
            LatencyHistogram = counters.Latency.ToBuckets(Bounds),
            LatenessMs = schedule is null ? null : counters.Lateness.ToQuantiles(),
            FreshnessMs = fresh,
            FreshnessUnseen = unseen,
        };
    }

    private async Task<TimeSpan> SendAsync(OpenLoopSchedule? schedule, IBodySource source, TimeSpan duration, PhaseCounters counters, CancellationToken stop)
    {
        if (schedule is null)
        {
            return await Saturation.RunAsync(_senders, _settings.Send.InFlight, source, duration, counters, _backlog, _time, stop);
        }

        using var pacing = new Pacing(_senders, source, schedule, counters);
        return await pacing.RunAsync(stop);
    }

    private IBodySource Bodies(long count, CancellationToken stop) =>
        _settings.Send.Gzip ? CompressedBodies.Prepare(_factory, _numbers, (int)Math.Min(count, int.MaxValue), stop) : new FreshBodies(_factory, _numbers);

    private async Task<(Quantiles Times, int Unseen)> MeasureFreshnessAsync(CancellationToken stop)
    {
        var payload = new PayloadSettings { Json = _settings.Payload.Json, Spans = 1, SpansPerTrace = 1, Models = 1, Markers = true };
        using ISender sender = CreateSender(gzip: false);
        return await new Freshness(sender, new PayloadFactory(payload, new RunIds(), _time), _reader!, _time).RunAsync(UnseenBound, stop);
    }

    private async Task<VerificationResult?> VerifyAsync()
    {
        if (_verification is not null)
        {
            return await _verification.CompareAsync(_numbers.Count, _settings.DrainBound, CancellationToken.None);
        }

        return await _target.StopAsync(CancellationToken.None) is { } log
            ? await new SpanLogCount(_ids, _ledger, _factory.Spans, _numbers.Count, QuietBound).RunAsync(log, CancellationToken.None)
            : null;
    }

    private ISender CreateSender(bool gzip) => _settings.Send.Protocol == ProtocolName.Grpc
        ? new GrpcSender(_target.Grpc ?? throw new ArgumentException("--protocol grpc needs --grpc"), gzip, _settings.Send.Timeout)
        : new HttpSender(_target.Http ?? throw new ArgumentException("--protocol http and json need --http"), _settings.Send.Protocol == ProtocolName.Json, gzip, _settings.Send.Timeout);

    private PayloadReport Describe()
    {
        PayloadSettings payload = _settings.Payload;
        string protocol = _settings.Send.Protocol switch
        {
            ProtocolName.Grpc => "OTLP/gRPC",
            ProtocolName.Http => "OTLP/HTTP with protobuf",
            _ => "OTLP/HTTP with JSON",
        };
        return new PayloadReport(
            payload.Dialect.ToString(), protocol, _settings.Send.Gzip, payload.Spans, _factory.Calls, payload.SpansPerTrace, payload.PromptBytes, _factory.MeanLength,
            (double)_factory.MeanLength / payload.Spans, payload.Services, payload.Models, payload.Prompts);
    }

    private static double GeneratorCpu() => ProcessUsage.Of(Environment.ProcessId)!.Value.CpuSeconds;
}
