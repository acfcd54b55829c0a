using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.SpanLog;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests.Processes;

/// <summary>librdkafka's mock cluster and a ClickHouse host behind a proxy, for Collectors and Processors as processes of their own.</summary>
internal sealed class DistributedLayout : IAsyncDisposable
{
    private static readonly string[] Topics = [SpanLogTopics.Spans, SpanLogTopics.Logs, SpanLogTopics.DeadLetters, "llm.judge.requests", "llm.alerts"];

    private readonly TemporaryDirectory _data = new();
    private readonly HttpClient _http = new();
    private readonly List<ServiceProcess> _started = [];
    private readonly int _partitions;
    private ServiceProcess? _clickHouse;
    private KafkaBrokerProcess? _broker;

    private DistributedLayout(int partitions)
    {
        _partitions = partitions;
        ToClickHouse = new FaultyProxy(() => _clickHouse!.Address("ClickHouse"));
    }

    public static TimeSpan Bound { get; } = TimeSpan.FromSeconds(60);

    public MockKafkaCluster Kafka { get; } = new();

    /// <summary>The way from the Processors to ClickHouse.</summary>
    public FaultyProxy ToClickHouse { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Brokers with topics, and ClickHouse.</summary>
    public static async Task<DistributedLayout> StartAsync(int partitions = 4)
    {
        var layout = new DistributedLayout(partitions);
        layout.CreateTopics();
        await layout.StartClickHouseAsync();
        return layout;
    }

    /// <summary>
    /// A real broker with topics, and ClickHouse: for tests in which members join and leave the group often, which ends librdkafka's mock cluster with an
    /// assertion now and then, and the test's process with it.
    /// </summary>
    public static async Task<DistributedLayout> StartWithRealBrokerAsync()
    {
        var layout = new DistributedLayout(4) { _broker = await KafkaBrokerProcess.StartAsync(Cancel) };
        await layout._broker.CreateTopicsAsync();
        await layout.StartClickHouseAsync();
        return layout;
    }

    /// <summary>Brokers without topics, and no ClickHouse.</summary>
    public static DistributedLayout Empty() => new(4);

    public void CreateTopics()
    {
        foreach (string topic in Topics)
        {
            Kafka.CreateTopic(topic, _partitions, replicas: 3);
        }
    }

    public async Task StartClickHouseAsync() => _clickHouse = await KeepAsync(ServiceProcess.StartAsync(
        "Telemetry.ClickHouseServer", ["EmbeddedClickHouse:Port=0", $"EmbeddedClickHouse:Path={_data.Path}"], Cancel));

    public Task<ServiceProcess> StartCollectorAsync(params string[] settings) => KeepAsync(ServiceProcess.StartAsync("Telemetry.Collector", CollectorSettings(settings), Cancel));

    public Task<ServiceProcess> StartProcessorAsync(params string[] settings) => KeepAsync(ServiceProcess.StartAsync("Telemetry.Processor", ProcessorSettings(settings), Cancel));

    public string[] CollectorSettings(params string[] settings) => [.. LogSettings(), "Collector:Grpc:Port=0", "Collector:Http:Port=0", .. settings];

    public string[] ProcessorSettings(params string[] settings) => [.. LogSettings(), $"ClickHouse:Url={ToClickHouse.Url}", .. settings];

    /// <summary>Sends one call a request; says of each whether it was accepted.</summary>
    public async Task<HttpResponseMessage> SendAsync(ServiceProcess collector, long trace, string service = "distributed")
    {
        string body = OtlpJson.Chat(trace.ToString("x32", CultureInfo.InvariantCulture), "00f067aa0ba902b7", service, TimeProvider.System.GetUtcNow());
        return await _http.PostAsync(new Uri(collector.Address("OTLP/HTTP"), "/v1/traces"), new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
    }

    public async Task SendAcceptedAsync(ServiceProcess collector, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            using HttpResponseMessage answer = await SendAsync(collector, i + 1);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    /// <summary>Sends as exporters do: what is refused with a hint is sent again.</summary>
    public async Task SendUntilAcceptedAsync(ServiceProcess collector, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            await Eventually.GetAsync(
                async () =>
                {
                    using HttpResponseMessage answer = await SendAsync(collector, i + 1);
                    Assert.True(answer.IsSuccessStatusCode || answer.Headers.Contains("Retry-After"), await answer.Content.ReadAsStringAsync(Cancel));
                    return answer.IsSuccessStatusCode;
                },
                accepted => accepted,
                Bound,
                Cancel);
        }
    }

    /// <summary>What a process says on its <c>/readyz</c>.</summary>
    public async Task<Readiness> ReadyAsync(Uri health)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(health, "/readyz"), Cancel);
        string text = await answer.Content.ReadAsStringAsync(Cancel);
        return new Readiness(answer.StatusCode == HttpStatusCode.OK, text, JsonDocument.Parse(text).RootElement);
    }

    public Task<Readiness> ReadyUntilAsync(ServiceProcess process, Func<Readiness, bool> isRight) => ReadyUntilAsync(process.Address("Health"), isRight);

    public Task<Readiness> ReadyUntilAsync(Uri health, Func<Readiness, bool> isRight) => Eventually.GetAsync(() => ReadyAsync(health), isRight, Bound, Cancel);

    public async Task<string> AskAsync(string sql)
    {
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(_clickHouse!.Address("ClickHouse"), "/?database=telemetry"), new StringContent(sql), Cancel);
        return (await answer.Content.ReadAsStringAsync(Cancel)).TrimEnd('\n');
    }

    public Task<string> AskUntilAsync(string sql, string expected) => Eventually.GetAsync(() => AskAsync(sql), answer => answer == expected, Bound, Cancel);

    /// <summary>So many calls are there, each once, in the rows and in the rollups.</summary>
    public async Task AssertCallsAsync(int expected)
    {
        await AskUntilAsync("SELECT count(), uniqExact(trace_id) FROM llm_calls", $"{expected}\t{expected}");
        foreach (string rollup in (string[])["llm_rollup_1m", "llm_rollup_1h", "llm_rollup_1d"])
        {
            await AskUntilAsync($"SELECT sum(calls) FROM {rollup}", $"{expected}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProcess process in Enumerable.Reverse(_started))
        {
            await process.DisposeAsync();
        }

        await ToClickHouse.DisposeAsync();
        Kafka.Dispose();
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        _http.Dispose();
        _data.Dispose();
    }

    private string[] LogSettings() =>
    [
        "SpanLog:Kind=Kafka", $"SpanLog:Kafka:BootstrapServers={_broker?.BootstrapServers ?? Kafka.BootstrapServers}", "SpanLog:CreateTopics=false", "Operations:Port=0",
        "SpanLog:Kafka:Client:socket.timeout.ms=5000",
        .. (_broker is null ? new Dictionary<string, string> { ["reconnect.backoff.max.ms"] = "300" } : KafkaBrokerProcess.ClientSettings).Select(s => $"SpanLog:Kafka:Client:{s.Key}={s.Value}"),
    ];

    private async Task<ServiceProcess> KeepAsync(Task<ServiceProcess> starting)
    {
        ServiceProcess process = await starting;
        _started.Add(process);
        return process;
    }
}

/// <summary>An answer of <c>/readyz</c>.</summary>
internal sealed record Readiness(bool IsReady, string Text, JsonElement Answer)
{
    /// <summary>The sum of the lags of all partitions of a topic, as far as they are known.</summary>
    public long Lag(string topic) => !Answer.GetProperty("figures").TryGetProperty("lag", out JsonElement lags) ? 0 : lags.EnumerateObject()
        .Where(l => l.Name.StartsWith(topic + "/", StringComparison.Ordinal) && l.Value.ValueKind == JsonValueKind.Number).Sum(l => l.Value.GetInt64());

    public override string ToString() => Text;
}
