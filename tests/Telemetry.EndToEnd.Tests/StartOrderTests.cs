using System.Text.RegularExpressions;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>Services wait for what they need, say so, and go on by themselves when it is there; two may update the tables at once.</summary>
public sealed partial class StartOrderTests
{
    private const int Spans = 20;

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collector_and_processor_that_start_first_wait_for_brokers_topics_and_clickhouse_and_say_so()
    {
        await using DistributedLayout layout = DistributedLayout.Empty();
        await using var toKafka = new FaultyProxy(() => new Uri("tcp://" + layout.Kafka.BootstrapServers.Split(',')[0]), Way.Away);
        layout.ToClickHouse.Set(Way.Away);
        string[] settings = [$"SpanLog:Kafka:BootstrapServers={toKafka.Url.Authority}", "SpanLog:Kafka:StartTimeout=00:00:01"];
        await using ServiceProcess collector = ServiceProcess.StartWithoutWaiting("Telemetry.Collector", layout.CollectorSettings(settings));
        await using ServiceProcess processor = ServiceProcess.StartWithoutWaiting("Telemetry.Processor", layout.ProcessorSettings(settings));
        Uri collectorHealth = await HealthAsync(collector);
        Uri processorHealth = await HealthAsync(processor);

        await SaysAsync(layout, collectorHealth, "waiting for Kafka: ");
        await SaysAsync(layout, processorHealth, "waiting for ClickHouse: ");
        await layout.StartClickHouseAsync();
        layout.ToClickHouse.Set(Way.Open);
        await SaysAsync(layout, processorHealth, "waiting for Kafka: ");
        toKafka.Set(Way.Open);
        await SaysAsync(layout, collectorHealth, "topics are missing in Kafka");
        await SaysAsync(layout, processorHealth, "topics are missing in Kafka");
        layout.CreateTopics();

        await collector.WaitUntilReadyAsync(_cancellation);
        await processor.WaitUntilReadyAsync(_cancellation);
        Assert.True((await layout.ReadyAsync(collectorHealth)).IsReady);
        await layout.SendAcceptedAsync(collector, 0, Spans);
        await layout.AssertCallsAsync(Spans);
    }

    [Fact]
    public async Task A_service_that_waits_ends_at_sigterm_with_0()
    {
        await using DistributedLayout layout = DistributedLayout.Empty();
        layout.ToClickHouse.Set(Way.Away);
        await using ServiceProcess processor = ServiceProcess.StartWithoutWaiting("Telemetry.Processor", layout.ProcessorSettings());
        await SaysAsync(layout, await HealthAsync(processor), "waiting for ClickHouse: ");

        Assert.Equal(0, await processor.StopAsync(DistributedLayout.Bound, _cancellation));
    }

    [Fact]
    public async Task Processors_that_update_the_tables_at_once_apply_each_migration_once()
    {
        await using DistributedLayout layout = await DistributedLayout.StartAsync();
        ServiceProcess[] processors = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => layout.StartProcessorAsync()));

        Assert.Equal("1", await layout.AskAsync("SELECT count() = uniqExact(version) AND count() > 0 FROM schema_migrations"));
        Assert.Equal("", await layout.AskAsync("SELECT name FROM system.tables WHERE database = 'telemetry' AND name LIKE '%lock%'"));
        foreach (ServiceProcess processor in processors)
        {
            await layout.ReadyUntilAsync(processor, r => r.IsReady);
        }
    }

    private static Task<Readiness> SaysAsync(DistributedLayout layout, Uri health, string reason) =>
        layout.ReadyUntilAsync(health, r => !r.IsReady && r.Text.Contains(reason, StringComparison.Ordinal));

    private static async Task<Uri> HealthAsync(ServiceProcess process)
    {
        await TestKit.Eventually.HoldsAsync(() => HealthAddress().IsMatch(process.Log), "the log tells where the health checks are");
        return new Uri(HealthAddress().Match(process.Log).Groups[1].Value);
    }

    [GeneratedRegex(@"health checks at (http://\S+)")]
    private static partial Regex HealthAddress();
}
