using System.Globalization;
using System.Net;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.SpanLog;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests.Overload;

/// <summary>ClickHouse or Kafka is away, silent or slow for a while: what is accepted is kept, refusals say when to come again, and nothing needs a restart.</summary>
public sealed class OutageTests
{
    private const int Spans = 60;
    private const short OffsetCommit = 8;
    private const int TopicAuthorizationFailed = 29;

    [Fact]
    public async Task While_clickhouse_is_away_silent_or_slow_spans_are_accepted_the_lag_is_told_and_everything_arrives_once()
    {
        await using DistributedLayout layout = await DistributedLayout.StartAsync();
        ServiceProcess collector = await layout.StartCollectorAsync();
        ServiceProcess processor = await layout.StartProcessorAsync("ClickHouse:Timeout=00:00:03", "Processor:MaxLag=5");
        await layout.SendAcceptedAsync(collector, 0, Spans);
        await layout.AssertCallsAsync(Spans);
        int sent = Spans;
        foreach (Way fault in (Way[])[Way.Away, Way.Silent])
        {
            await layout.ReadyUntilAsync(processor, r => r.IsReady && r.Lag(SpanLogTopics.Spans) == 0);
            layout.ToClickHouse.Set(fault);
            await layout.SendAcceptedAsync(collector, sent, Spans);
            sent += Spans;

            Readiness behind = await layout.ReadyUntilAsync(processor, r => !r.IsReady && r.Lag(SpanLogTopics.Spans) == Spans && Check(r, "processor") != "ok" && Check(r, "lag") != "ok");
            Assert.Contains("ClickHouse", Check(behind, "processor"), StringComparison.Ordinal);
            Assert.Contains("Telemetry:Processor:MaxLag allows 5", Check(behind, "lag"), StringComparison.Ordinal);
            Assert.True((await layout.ReadyAsync(collector.Address("Health"))).IsReady);
            layout.ToClickHouse.Set(Way.Open);
            await layout.AssertCallsAsync(sent);
        }

        layout.ToClickHouse.Set(Way.Slow);
        await layout.SendAcceptedAsync(collector, sent, Spans);
        await layout.AssertCallsAsync(sent + Spans);
        Assert.Equal("", await layout.AskAsync("SELECT * FROM llm_duplicates"));
        await layout.ReadyUntilAsync(processor, r => r.IsReady && r.Lag(SpanLogTopics.Spans) == 0);
    }

    [Fact]
    public async Task While_all_brokers_are_away_the_collector_tells_clients_when_to_come_again_and_both_services_recover_by_themselves()
    {
        await using DistributedLayout layout = await DistributedLayout.StartAsync();
        ServiceProcess collector = await layout.StartCollectorAsync("SpanLog:Kafka:MessageTimeout=00:00:01");
        ServiceProcess processor = await layout.StartProcessorAsync("SpanLog:Kafka:Client:session.timeout.ms=6000", "SpanLog:Kafka:Client:heartbeat.interval.ms=500");
        await layout.SendAcceptedAsync(collector, 0, Spans);
        await layout.AssertCallsAsync(Spans);

        SetBrokers(layout.Kafka.BrokerDown);
        using (HttpResponseMessage refused = await layout.SendAsync(collector, 1_000_000))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.True(int.Parse(refused.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture) >= 1);
        }

        Readiness away = await layout.ReadyUntilAsync(collector, r => !r.IsReady);
        Assert.Contains("Kafka", Check(away, "span_log"), StringComparison.Ordinal);
        SetBrokers(layout.Kafka.BrokerUp);

        // Nothing is sent while it is not ready, as behind a load balancer.
        await layout.ReadyUntilAsync(collector, r => r.IsReady);
        await layout.SendUntilAcceptedAsync(collector, Spans, Spans);

        // The span that was refused may be there: the brokers may have taken it before they went.
        await layout.AskUntilAsync("SELECT uniqExactIf(trace_id, trace_id != '000000000000000000000000000f4241') FROM llm_calls", $"{2 * Spans}");
        Assert.Equal("", await layout.AskAsync("SELECT * FROM llm_duplicates"));
        await layout.ReadyUntilAsync(processor, r => r.IsReady);

        // A commit that is refused is tried again, and its lane goes on.
        layout.Kafka.PushErrors(OffsetCommit, TopicAuthorizationFailed, TopicAuthorizationFailed);
        await layout.SendUntilAcceptedAsync(collector, 2 * Spans, Spans);
        await layout.AskUntilAsync("SELECT uniqExactIf(trace_id, trace_id != '000000000000000000000000000f4241') FROM llm_calls", $"{3 * Spans}");
        await layout.ReadyUntilAsync(processor, r => r.IsReady && r.Lag(SpanLogTopics.Spans) == 0);
        Assert.Equal("", await layout.AskAsync("SELECT * FROM llm_duplicates"));
    }

    private static string Check(Readiness readiness, string name) => readiness.Answer.GetProperty("checks").GetProperty(name).GetString()!;

    private static void SetBrokers(Action<int> set)
    {
        for (int broker = 1; broker <= 3; broker++)
        {
            set(broker);
        }
    }
}
