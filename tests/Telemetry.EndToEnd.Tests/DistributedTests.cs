using System.Globalization;
using System.Text;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.SpanLog;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>Collector, Kafka, Processor and ClickHouse as processes of their own; the brokers are librdkafka's mock cluster over real sockets.</summary>
public sealed class DistributedTests
{
    private const int Partitions = 4;
    private const int Spans = 200;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spans_of_a_collector_reach_clickhouse_through_kafka_once_though_the_processor_is_killed()
    {
        using var data = new TemporaryDirectory();
        using var kafka = new MockKafkaCluster();
        foreach (string topic in (string[])[SpanLogTopics.Spans, SpanLogTopics.Logs, SpanLogTopics.DeadLetters, "llm.judge.requests", "llm.alerts"])
        {
            kafka.CreateTopic(topic, Partitions, replicas: 3);
        }

        await using ServiceProcess clickHouse = await ServiceProcess.StartAsync(
            "Telemetry.ClickHouseServer", ["EmbeddedClickHouse:Port=0", $"EmbeddedClickHouse:Path={data.Path}"], _cancellation);
        string[] log = ["SpanLog:Kind=Kafka", $"SpanLog:Kafka:BootstrapServers={kafka.BootstrapServers}", "SpanLog:CreateTopics=false", "Operations:Port=0"];
        string[] processorSettings = [.. log, $"ClickHouse:Url={clickHouse.Address("ClickHouse")}"];
        await using ServiceProcess collector = await ServiceProcess.StartAsync("Telemetry.Collector", [.. log, "Collector:Grpc:Port=0", "Collector:Http:Port=0"], _cancellation);
        using var http = new HttpClient();

        await using (ServiceProcess first = await ServiceProcess.StartAsync("Telemetry.Processor", processorSettings, _cancellation))
        {
            await SendAsync(http, collector, 0);
            await AskUntilAsync(http, clickHouse, "SELECT count() > 0 FROM llm_calls", "1");
            await SendAsync(http, collector, Spans);
            await first.KillAsync();
        }

        await using ServiceProcess second = await ServiceProcess.StartAsync("Telemetry.Processor", processorSettings, _cancellation);
        string expected = (Spans * 2).ToString(CultureInfo.InvariantCulture);
        await AskUntilAsync(http, clickHouse, "SELECT count() FROM llm_calls", expected);
        await AskUntilAsync(http, clickHouse, "SELECT uniqExact(trace_id) FROM llm_calls", expected);
        await AskUntilAsync(http, clickHouse, "SELECT sum(calls) FROM llm_rollup_1d", expected);
    }

    private async Task SendAsync(HttpClient http, ServiceProcess collector, int from)
    {
        for (int i = from; i < from + Spans; i++)
        {
            string body = OtlpJson.Chat((i + 1).ToString("x32", CultureInfo.InvariantCulture), "00f067aa0ba902b7", "distributed", TimeProvider.System.GetUtcNow());
            using HttpResponseMessage answer = await http.PostAsync(
                new Uri(collector.Address("OTLP/HTTP"), "/v1/traces"), new StringContent(body, Encoding.UTF8, "application/json"), _cancellation);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(_cancellation));
        }
    }

    private async Task AskUntilAsync(HttpClient http, ServiceProcess clickHouse, string sql, string expected) => await Processes.Eventually.GetAsync(
        async () =>
        {
            using HttpResponseMessage answer = await http.PostAsync(new Uri(clickHouse.Address("ClickHouse"), "/?database=telemetry"), new StringContent(sql), _cancellation);
            return (await answer.Content.ReadAsStringAsync(_cancellation)).TrimEnd('\n');
        },
        answer => answer == expected,
        Bound,
        _cancellation);
}
