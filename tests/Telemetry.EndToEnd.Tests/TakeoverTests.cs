using System.Globalization;
using System.Text;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.SpanLog;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>
/// A Processor stands still in the middle of a batch, loses its partition to another one, and then goes on with what it was about to write, not knowing that
/// it is late.
/// </summary>
public sealed class TakeoverTests
{
    private const int Spans = 60;
    private const string Count = "SELECT sum(sign), uniqExact(trace_id) FROM llm_calls";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("INSERT INTO span_log_batches")]
    [InlineData("INSERT INTO `llm_calls`")]
    public async Task What_a_late_processor_still_writes_counts_nothing_twice(string heldStep)
    {
        using var data = new TemporaryDirectory();
        using var kafka = new MockKafkaCluster();
        foreach (string topic in (string[])[SpanLogTopics.Spans, SpanLogTopics.Logs, SpanLogTopics.DeadLetters, "llm.judge.requests", "llm.alerts"])
        {
            kafka.CreateTopic(topic, 1, replicas: 3);
        }

        await using ServiceProcess clickHouse = await ServiceProcess.StartAsync(
            "Telemetry.ClickHouseServer", ["EmbeddedClickHouse:Port=0", $"EmbeddedClickHouse:Path={data.Path}"], _cancellation);
        await using HttpGate gate = await HttpGate.StartAsync(clickHouse.Address("ClickHouse"), _cancellation);
        string[] log =
        [
            "SpanLog:Kind=Kafka", $"SpanLog:Kafka:BootstrapServers={kafka.BootstrapServers}", "SpanLog:CreateTopics=false", "Operations:Port=0",
            "SpanLog:Kafka:Client:session.timeout.ms=6000", "SpanLog:Kafka:Client:heartbeat.interval.ms=1000",
        ];
        await using ServiceProcess collector = await ServiceProcess.StartAsync("Telemetry.Collector", [.. log, "Collector:Grpc:Port=0", "Collector:Http:Port=0"], _cancellation);
        await using ServiceProcess late = await ServiceProcess.StartAsync("Telemetry.Processor", [.. log, $"ClickHouse:Url={gate.Url}"], _cancellation);
        using var http = new HttpClient();
        await SendAsync(http, collector, 0);
        await AskUntilAsync(http, clickHouse, Count, $"{Spans}\t{Spans}");

        gate.Hold(heldStep);
        await SendAsync(http, collector, Spans);
        await gate.Held.WaitAsync(Bound, _cancellation);
        late.Freeze();
        await using ServiceProcess successor = await ServiceProcess.StartAsync("Telemetry.Processor", [.. log, $"ClickHouse:Url={clickHouse.Address("ClickHouse")}"], _cancellation);
        await AskUntilAsync(http, clickHouse, Count, $"{2 * Spans}\t{2 * Spans}");
        gate.Open();
        await gate.Answered.WaitAsync(Bound, _cancellation);
        late.Thaw();

        // The partition is the successor's now, or soon again the late one's: whoever has it writes what comes.
        await SendAsync(http, collector, 2 * Spans);
        await AskUntilAsync(http, clickHouse, Count, $"{3 * Spans}\t{3 * Spans}");
        await AskUntilAsync(http, clickHouse, "SELECT sum(calls) FROM llm_rollup_1m", $"{3 * Spans}");
        await AskUntilAsync(http, clickHouse, "SELECT sum(calls) FROM llm_rollup_1d", $"{3 * Spans}");
        Assert.Equal("", await AskAsync(http, clickHouse, "SELECT * FROM llm_duplicates"));
        Assert.Equal(0, await late.StopAsync(Bound, _cancellation));
        Assert.Equal($"{3 * Spans}\t{3 * Spans}", await AskAsync(http, clickHouse, Count));
    }

    private async Task SendAsync(HttpClient http, ServiceProcess collector, int from)
    {
        for (int i = from; i < from + Spans; i++)
        {
            string body = OtlpJson.Chat((i + 1).ToString("x32", CultureInfo.InvariantCulture), "00f067aa0ba902b7", "takeover", TimeProvider.System.GetUtcNow());
            using HttpResponseMessage answer = await http.PostAsync(
                new Uri(collector.Address("OTLP/HTTP"), "/v1/traces"), new StringContent(body, Encoding.UTF8, "application/json"), _cancellation);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(_cancellation));
        }
    }

    private Task<string> AskUntilAsync(HttpClient http, ServiceProcess clickHouse, string sql, string expected) =>
        Processes.Eventually.GetAsync(() => AskAsync(http, clickHouse, sql), answer => answer == expected, Bound, _cancellation);

    private async Task<string> AskAsync(HttpClient http, ServiceProcess clickHouse, string sql)
    {
        using HttpResponseMessage answer = await http.PostAsync(new Uri(clickHouse.Address("ClickHouse"), "/?database=telemetry"), new StringContent(sql), _cancellation);
        return (await answer.Content.ReadAsStringAsync(_cancellation)).TrimEnd('\n');
    }
}
