using System.Globalization;
using Telemetry.SpanLog;
using Telemetry.TestKit;

namespace Telemetry.LoadGenerator.Target;

/// <summary>One of our services, started for the run on free ports and an empty data directory, both of which go with it.</summary>
internal sealed class StartedTarget : ITarget
{
    // A Collector alone has no reader, so that its log would let go of the oldest spans before they are counted.
    private const long RetentionOfUnread = 1L << 36;
    private static readonly TimeSpan StopBound = TimeSpan.FromMinutes(1);

    private readonly TargetSettings _settings;
    private readonly string _data;
    private KafkaBrokerProcess? _kafka;
    private ServiceProcess? _process;

    private StartedTarget(TargetSettings settings)
    {
        _settings = settings;
        _data = Path.Combine(settings.Data, $"telemetry-load-{Guid.NewGuid():N}");
    }

    /// <inheritdoc />
    public string Description => _settings.Name == TargetName.AllInOne ? "AllInOne" : _settings.Kafka ? "Collector with a Kafka broker" : "Collector with the local log";

    /// <inheritdoc />
    public Uri? Grpc => _process!.Address("OTLP/gRPC");

    /// <inheritdoc />
    public Uri? Http => _process!.Address("OTLP/HTTP");

    /// <inheritdoc />
    public Uri? ClickHouse => _settings.Name == TargetName.AllInOne ? _process!.Address("ClickHouse") : null;

    /// <inheritdoc />
    public IReadOnlyList<(string Name, int Pid)> Processes => [(_settings.Name.ToString(), _process!.Pid)];

    /// <summary>Starts and waits until it is ready.</summary>
    public static async Task<StartedTarget> StartAsync(TargetSettings settings, CancellationToken cancellation)
    {
        var target = new StartedTarget(settings);
        try
        {
            Directory.CreateDirectory(target._data);
            await target.StartAsync(cancellation);
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async Task<SpanLogOptions?> StopAsync(CancellationToken cancellation)
    {
        if (_process is { } process)
        {
            await process.StopAsync(StopBound, cancellation);
        }

        return _settings.Name == TargetName.Collector ? LogOptions() : null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }

        if (_kafka is { } kafka)
        {
            await kafka.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        List<string> settings = ["Collector:Grpc:Port=0", "Collector:Http:Port=0", "Operations:Port=0"];
        if (_settings.Kafka)
        {
            _kafka = _settings.Partitions == 0 ? await KafkaBrokerProcess.StartAsync(cancellation) : await KafkaBrokerProcess.StartAsync(cancellation, _settings.Partitions);
            await _kafka.CreateTopicsAsync();
            settings.AddRange(["SpanLog:Kind=Kafka", $"SpanLog:Kafka:BootstrapServers={_kafka.BootstrapServers}", "SpanLog:CreateTopics=false"]);
            settings.AddRange(KafkaBrokerProcess.ClientSettings.Select(s => $"SpanLog:Kafka:Client:{s.Key}={s.Value}"));
        }
        else
        {
            settings.AddRange([$"SpanLog:Path={LogPath}", string.Create(CultureInfo.InvariantCulture, $"SpanLog:Partitions={_settings.Partitions}")]);
        }

        if (_settings.Name == TargetName.AllInOne)
        {
            settings.AddRange(["EmbeddedClickHouse:Port=0", $"EmbeddedClickHouse:Path={Path.Combine(_data, "clickhouse")}"]);
        }
        else
        {
            settings.Add(string.Create(CultureInfo.InvariantCulture, $"SpanLog:Local:RetentionBytes={RetentionOfUnread}"));
        }

        _process = await ServiceProcess.StartAsync($"Telemetry.{_settings.Name}", [.. settings, .. _settings.Settings], cancellation);
    }

    private string LogPath => Path.Combine(_data, "span-log");

    private SpanLogOptions LogOptions()
    {
        var options = new SpanLogOptions { Kind = _kafka is null ? SpanLogKind.Local : SpanLogKind.Kafka, Path = LogPath, CreateTopics = false, Partitions = _settings.Partitions };
        options.Local.RetentionBytes = RetentionOfUnread;
        options.Kafka.BootstrapServers = _kafka?.BootstrapServers ?? options.Kafka.BootstrapServers;
        foreach ((string key, string value) in KafkaBrokerProcess.ClientSettings)
        {
            options.Kafka.Client[key] = value;
        }

        return options;
    }
}
