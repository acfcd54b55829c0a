using Telemetry.SpanLog.Tests.Contract;

namespace Telemetry.SpanLog.Tests.Kafka;

/// <summary>Brokers that go away and come back, under a running log.</summary>
public sealed class BrokerFaultTests : IAsyncLifetime
{
    private const int Brokers = 3;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    private readonly MockClusterFixture _fixture = new();
    private ISpanLog _log = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _log = _fixture.Create(o =>
        {
            o.Kafka.MessageTimeout = TimeSpan.FromSeconds(2);
            o.Kafka.Client["reconnect.backoff.max.ms"] = "200";
        });
        await _log.StartAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task With_all_brokers_away_appends_are_told_to_retry_and_are_durable_again_once_they_are_back()
    {
        await Reading.AppendAsync(_log, 0, 1);
        ForEachBroker(_fixture.Cluster.BrokerDown);

        AppendResult refused = await AppendAsync(100);

        Assert.Equal(AppendStatus.Retry, refused.Status);
        Assert.NotEmpty(refused.Reason!);
        Assert.True(refused.RetryAfter > TimeSpan.Zero);

        await TestKit.Eventually.HoldsAsync(() => _log.UnavailableReason is not null, "the log says that it cannot be written", Bound);

        // Whoever asks whether it is ready may send nothing until it is.
        ForEachBroker(_fixture.Cluster.BrokerUp);
        await TestKit.Eventually.HoldsAsync(() => _log.UnavailableReason is null, "the log says that it can be written again", Bound);
        await AppendUntilDurableAsync(2);
        Assert.Equal([1L, 2], (await ReadThroughAsync(2)).Where(n => n != 100).Distinct());
    }

    [Fact]
    public async Task With_one_of_three_brokers_away_appends_are_durable_after_the_leader_has_moved()
    {
        _fixture.Cluster.SetLeader(SpanLogTopics.Spans, 0, 1);
        await Reading.AppendAsync(_log, 0, 1);

        _fixture.Cluster.BrokerDown(1);
        _fixture.Cluster.SetLeader(SpanLogTopics.Spans, 0, 2);

        await AppendUntilDurableAsync(2);

        // The reader group's coordinator may be the broker that is away; the mock cluster does not move it.
        _fixture.Cluster.BrokerUp(1);
        Assert.Equal([1L, 2], (await ReadThroughAsync(2)).Distinct());
    }

    private static void ForEachBroker(Action<int> act)
    {
        for (int broker = 1; broker <= Brokers; broker++)
        {
            act(broker);
        }
    }

    private async Task<AppendResult> AppendAsync(long number) =>
        await _log.AppendAsync(SpanLogTopics.Spans, new SpanLogAppend[] { new(0, Reading.Value(number)) }, Cancel).AsTask().WaitAsync(Bound, Cancel);

    private async Task AppendUntilDurableAsync(long number)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Bound);
        while ((await AppendAsync(number)).Status != AppendStatus.Durable)
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task<List<long>> ReadThroughAsync(long last)
    {
        await using ISpanLogReader reader = _log.OpenReader("faults", [SpanLogTopics.Spans]);
        await using ISpanLogLane lane = await Reading.LaneAsync(reader, 0);
        var numbers = new List<long>();
        while (!numbers.Contains(last))
        {
            numbers.AddRange((await Reading.ReadAsync(lane, 1)).Select(r => Reading.Number(r.Value)));
        }

        return numbers;
    }
}
