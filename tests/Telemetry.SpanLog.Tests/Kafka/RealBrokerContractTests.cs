using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.SpanLog.Tests.Contract;
using Telemetry.TestKit;

namespace Telemetry.SpanLog.Tests.Kafka;

/// <summary>The contract on a real Apache Kafka broker process, an old one (0.9.0.1): what holds there holds on what came after it.</summary>
public sealed class RealBrokerContractTests : SpanLogContract
{
    protected override async Task<ILogFixture> CreateFixtureAsync() => await RealBrokerFixture.StartAsync(TestContext.Current.CancellationToken);
}

/// <summary>One real broker with the span log's topics.</summary>
public sealed class RealBrokerFixture : ILogFixture
{
    private RealBrokerFixture(KafkaBrokerProcess broker) => Broker = broker;

    /// <summary>The broker.</summary>
    public KafkaBrokerProcess Broker { get; }

    public static async Task<RealBrokerFixture> StartAsync(CancellationToken cancellation)
    {
        var fixture = new RealBrokerFixture(await KafkaBrokerProcess.StartAsync(cancellation));
        await fixture.Broker.CreateTopicsAsync();
        return fixture;
    }

    public ISpanLog Create(Action<SpanLogOptions>? configure = null)
    {
        SpanLogOptions options = Options();
        configure?.Invoke(options);
        return SpanLogFactory.Create(options, NullLoggerFactory.Instance, TimeProvider.System);
    }

    public ValueTask DisposeAsync() => Broker.DisposeAsync();

    private SpanLogOptions Options()
    {
        var options = new SpanLogOptions { Kind = SpanLogKind.Kafka, Partitions = 4, ReplicationFactor = 1, RevokeTimeout = TimeSpan.FromSeconds(1) };
        options.Kafka.BootstrapServers = Broker.BootstrapServers;
        options.Kafka.Client["api.version.request"] = "false";
        options.Kafka.Client["broker.version.fallback"] = "0.9.0.1";
        options.Kafka.Producer["enable.idempotence"] = "false";
        options.Kafka.Consumer["session.timeout.ms"] = "10000";
        options.Kafka.Consumer["partition.assignment.strategy"] = "range";
        return options;
    }
}
