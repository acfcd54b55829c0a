using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.SpanLog;
using Telemetry.TestKit;

namespace Telemetry.Chaos;

/// <summary>Two Collectors, two Processors, a ClickHouse host and a real Kafka broker, each a process of its own.</summary>
internal sealed class DistributedLayout : ILayout
{
    private const string Broker = "kafka";
    private const string Host = "clickhouse";

    private static readonly string[] CollectorNames = ["collector-1", "collector-2"];
    private static readonly string[] ProcessorNames = ["processor-1", "processor-2"];

    private readonly TemporaryDirectory _data = new();
    private readonly ConcurrentDictionary<string, ServiceProcess> _running = new();
    private KafkaBrokerProcess _kafka = null!;
    private ISpanLog _log = null!;
    private int _clickHousePort;

    /// <inheritdoc />
    public string Name => "distributed";

    /// <inheritdoc />
    public IReadOnlyList<string> Victims => [.. CollectorNames, .. ProcessorNames, Broker, Host];

    /// <inheritdoc />
    public IReadOnlyList<Uri> Collectors => [.. CollectorNames.Select(n => _running.GetValueOrDefault(n)?.Address("OTLP/HTTP")).OfType<Uri>()];

    /// <inheritdoc />
    public Uri? ClickHouse => _running.GetValueOrDefault(Host)?.Address("ClickHouse");

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellation)
    {
        _kafka = await KafkaBrokerProcess.StartAsync(cancellation);
        await _kafka.CreateTopicsAsync();
        await StartAsync(Host, cancellation);
        _clickHousePort = ClickHouse!.Port;
        foreach (string name in (string[])[.. CollectorNames, .. ProcessorNames])
        {
            await StartAsync(name, cancellation);
        }

        var options = new SpanLogOptions { Kind = SpanLogKind.Kafka, CreateTopics = false };
        options.Kafka.BootstrapServers = _kafka.BootstrapServers;
        foreach ((string key, string value) in KafkaBrokerProcess.ClientSettings)
        {
            options.Kafka.Client[key] = value;
        }

        // What is double must be the pipeline's doing: this producer sends nothing twice.
        options.Kafka.Client["retries"] = "0";
        _log = SpanLogFactory.Create(options, NullLoggerFactory.Instance, TimeProvider.System);
        await _log.StartAsync(cancellation);
    }

    /// <inheritdoc />
    public async Task KillAsync(string victim, CancellationToken cancellation)
    {
        if (victim == Broker)
        {
            await _kafka.KillAndRestartAsync(cancellation);
            return;
        }

        if (_running.TryRemove(victim, out ServiceProcess? process))
        {
            await process.KillAsync();
            await process.DisposeAsync();
        }

        await StartAsync(victim, cancellation);
    }

    /// <inheritdoc />
    public async Task<bool> FreezeAsync(string victim, TimeSpan duration, CancellationToken cancellation)
    {
        if (victim == Broker || !_running.TryGetValue(victim, out ServiceProcess? process))
        {
            return false;
        }

        process.Freeze();
        await Task.Delay(duration, cancellation);
        process.Thaw();
        return true;
    }

    /// <inheritdoc />
    public async Task<bool> PoisonAsync(string record, CancellationToken cancellation)
    {
        AppendResult result = await _log.AppendAsync(SpanLogTopics.Spans, new SpanLogAppend[] { new(0, Encoding.UTF8.GetBytes(record)) }, cancellation);
        return result.Status == AppendStatus.Durable;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProcess process in _running.Values)
        {
            await process.DisposeAsync();
        }

        if (_log is not null)
        {
            await _log.DisposeAsync();
        }

        if (_kafka is not null)
        {
            await _kafka.DisposeAsync();
        }

        _data.Dispose();
    }

    private async Task StartAsync(string name, CancellationToken cancellation)
    {
        string[] log =
        [
            "SpanLog:Kind=Kafka", $"SpanLog:Kafka:BootstrapServers={_kafka.BootstrapServers}", "SpanLog:CreateTopics=false", "Operations:Port=0",
            .. KafkaBrokerProcess.ClientSettings.Select(s => $"SpanLog:Kafka:Client:{s.Key}={s.Value}"),
        ];
        _running[name] = name switch
        {
            Host => await ServiceProcess.StartAsync("Telemetry.ClickHouseServer", [$"EmbeddedClickHouse:Port={_clickHousePort}", $"EmbeddedClickHouse:Path={_data.Path}"], cancellation),
            _ when CollectorNames.Contains(name) => await ServiceProcess.StartAsync("Telemetry.Collector", [.. log, "Collector:Grpc:Port=0", "Collector:Http:Port=0"], cancellation),
            _ => await ServiceProcess.StartAsync("Telemetry.Processor", [.. log, $"ClickHouse:Url=http://127.0.0.1:{_clickHousePort}"], cancellation),
        };
    }
}
