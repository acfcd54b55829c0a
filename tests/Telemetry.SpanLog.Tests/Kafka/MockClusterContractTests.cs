using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.SpanLog.Tests.Contract;
using Telemetry.SpanLog.Topics;
using Telemetry.TestKit;

namespace Telemetry.SpanLog.Tests.Kafka;

public sealed class MockClusterContractTests : SpanLogContract
{
    protected override Task<ILogFixture> CreateFixtureAsync() => Task.FromResult<ILogFixture>(new MockClusterFixture());
}

/// <summary>Three mock brokers with the span log's topics.</summary>
public sealed class MockClusterFixture : ILogFixture
{
    public MockClusterFixture()
    {
        foreach (TopicSettings topic in TopicCatalog.Load(new SpanLogOptions { Kind = SpanLogKind.Kafka, Partitions = 4 }).Topics)
        {
            Cluster.CreateTopic(topic.Name, topic.Partitions, 3);
        }
    }

    public MockKafkaCluster Cluster { get; } = new();

    public ISpanLog Create(Action<SpanLogOptions>? configure = null)
    {
        var options = new SpanLogOptions { Kind = SpanLogKind.Kafka, Partitions = 4, RevokeTimeout = TimeSpan.FromSeconds(1) };
        options.Kafka.BootstrapServers = Cluster.BootstrapServers;
        configure?.Invoke(options);
        return SpanLogFactory.Create(options, NullLoggerFactory.Instance, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        Cluster.Dispose();
        return ValueTask.CompletedTask;
    }
}
