using Telemetry.SpanLog.Tests.Contract;
using Telemetry.TestKit;

namespace Telemetry.SpanLog.Tests.Kafka;

/// <summary>What a start waits for, what it does not wait for, and the lag of a lane that reads no more.</summary>
public sealed class StartTests : IAsyncLifetime
{
    private const int Kibibyte = 1024;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    private readonly MockClusterFixture _fixture = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task A_start_while_no_broker_is_there_waits_says_so_and_goes_on_by_itself()
    {
        SetBrokers(_fixture.Cluster.BrokerDown);
        await using ISpanLog log = _fixture.Create(o => o.Kafka.StartTimeout = TimeSpan.FromMilliseconds(500));
        Task started = log.StartAsync(Cancel);
        await Eventually.HoldsAsync(() => log.UnavailableReason?.StartsWith("waiting for Kafka: ", StringComparison.Ordinal) == true, "it says that it waits", Bound);
        AppendResult refused = await log.AppendAsync(SpanLogTopics.Spans, new SpanLogAppend[] { new(0, Reading.Value(1)) }, Cancel);
        Assert.Equal(AppendStatus.Retry, refused.Status);

        SetBrokers(_fixture.Cluster.BrokerUp);

        await started.WaitAsync(Bound, Cancel);
        Assert.Null(log.UnavailableReason);
        await Reading.AppendAsync(log, 0, 1);
    }

    [Fact]
    public async Task A_start_that_waits_ends_when_it_is_cancelled()
    {
        SetBrokers(_fixture.Cluster.BrokerDown);
        await using ISpanLog log = _fixture.Create(o => o.Kafka.StartTimeout = TimeSpan.FromMilliseconds(500));
        using var stop = new CancellationTokenSource();
        Task started = log.StartAsync(stop.Token);
        await Eventually.HoldsAsync(() => log.UnavailableReason?.StartsWith("waiting for Kafka: ", StringComparison.Ordinal) == true, "it says that it waits", Bound);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => started.WaitAsync(Bound, Cancel));
    }

    [Fact]
    public async Task A_setting_that_no_waiting_cures_ends_the_start()
    {
        await using ISpanLog log = _fixture.Create(o => o.Kafka.Client["no.such.setting"] = "1");

        SpanLogException error = await Assert.ThrowsAsync<SpanLogException>(() => log.StartAsync(Cancel).WaitAsync(Bound, Cancel));

        Assert.Contains("no.such.setting", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lag_of_a_lane_that_has_read_ahead_all_that_it_may_still_grows()
    {
        await using ISpanLog log = _fixture.Create(o => o.ReadAheadBytes = 64 * Kibibyte);
        await log.StartAsync(Cancel);
        await AppendAsync(log, 200);
        await using ISpanLogReader reader = log.OpenReader("lag", [SpanLogTopics.Spans]);
        await using ISpanLogLane lane = await Reading.LaneAsync(reader, 0);
        await Eventually.HoldsAsync(() => lane.Lag == 200, "everything is behind", Bound);

        await AppendAsync(log, 100);
        await Eventually.HoldsAsync(() => lane.Lag == 300, "what was added is behind too", Bound);
    }

    private static async Task AppendAsync(ISpanLog log, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(AppendResult.Durable, await log.AppendAsync(SpanLogTopics.Spans, new SpanLogAppend[] { new(0, Reading.Value(i, Kibibyte)) }, Cancel));
        }
    }

    private static void SetBrokers(Action<int> set)
    {
        for (int broker = 1; broker <= 3; broker++)
        {
            set(broker);
        }
    }
}
