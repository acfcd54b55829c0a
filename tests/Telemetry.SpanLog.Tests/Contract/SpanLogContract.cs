using FsCheck;
using FsCheck.Fluent;

namespace Telemetry.SpanLog.Tests.Contract;

/// <summary>What every span log keeps, whatever it is made of.</summary>
public abstract class SpanLogContract : IAsyncLifetime
{
    private ILogFixture _fixture = null!;
    private readonly List<IAsyncDisposable> _open = [];

    public async ValueTask InitializeAsync() => _fixture = await CreateFixtureAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable open in Enumerable.Reverse(_open))
        {
            await open.DisposeAsync();
        }

        await _fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<ILogFixture> CreateFixtureAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<ISpanLog> StartAsync(Action<SpanLogOptions>? configure = null)
    {
        ISpanLog log = Keep(_fixture.Create(configure));
        await log.StartAsync(Cancel);
        return log;
    }

    private T Keep<T>(T open)
        where T : IAsyncDisposable
    {
        _open.Add(open);
        return open;
    }

    private ISpanLogReader Open(ISpanLog log, string group = "readers") => Keep(log.OpenReader(group, [SpanLogTopics.Spans]));

    [Fact]
    public async Task What_was_acknowledged_is_read_in_order_after_the_log_is_opened_again()
    {
        ISpanLog first = await StartAsync();
        for (int i = 0; i < 200; i += 4)
        {
            await Reading.AppendAsync(first, 1, i, i + 1, i + 2, i + 3);
        }

        await first.DisposeAsync();
        ISpanLog second = await StartAsync();
        await using ISpanLogLane lane = await Reading.LaneAsync(Open(second), 1);
        List<SpanLogRecord> records = await Reading.ReadAsync(lane, 200);
        Assert.Equal(Enumerable.Range(0, 200).Select(n => (long)n), records.Select(r => Reading.Number(r.Value)));
        Assert.All(records, r => Assert.Equal(Reading.Value(Reading.Number(r.Value)), r.Value.ToArray()));
        Assert.All(records.Zip(records.Skip(1)), p => Assert.True(p.First.NextOffset <= p.Second.Offset));
    }

    [Fact]
    public async Task Random_appends_from_many_callers_are_all_read_in_the_order_of_each_caller()
    {
        ISpanLog log = await StartAsync();
        int seed = 20260101;
        int[][] sizes = [.. Enumerable.Range(0, 8).Select(i => Gen.Choose(8, 60_000).ListOf(20).Sample(1, new Rnd((ulong)(seed + i), 1UL), 1).First().ToArray())];
        await Task.WhenAll(sizes.Select((mine, caller) => Task.Run(async () =>
        {
            for (int i = 0; i < mine.Length; i++)
            {
                SpanLogAppend[] records = [new(caller % 2, Reading.Value((caller * 1000) + i, mine[i]))];
                Assert.Equal(AppendResult.Durable, await log.AppendAsync(SpanLogTopics.Spans, records, Cancel));
            }
        })));
        ISpanLogReader reader = Open(log);
        var lanes = new Dictionary<int, ISpanLogLane>();
        await foreach (ISpanLogLane lane in reader.LanesAsync(Cancel))
        {
            lanes[lane.Partition] = lane;
            if (lanes.ContainsKey(0) && lanes.ContainsKey(1))
            {
                break;
            }
        }

        for (int partition = 0; partition < 2; partition++)
        {
            List<SpanLogRecord> records = await Reading.ReadAsync(lanes[partition], 80);
            foreach (IGrouping<long, SpanLogRecord> caller in records.GroupBy(r => Reading.Number(r.Value) / 1000))
            {
                Assert.Equal(Enumerable.Range(0, 20).Select(i => (caller.Key * 1000) + i), caller.Select(r => Reading.Number(r.Value)));
                Assert.Equal(sizes[caller.Key], caller.Select(r => r.Value.Length));
            }
        }
    }

    [Fact]
    public async Task Seeking_back_gives_the_identical_records_and_offsets()
    {
        ISpanLog log = await StartAsync();
        await Reading.AppendAsync(log, 0, [.. Enumerable.Range(0, 50).Select(n => (long)n)]);
        await using ISpanLogLane lane = await Reading.LaneAsync(Open(log), 0);
        List<SpanLogRecord> first = await Reading.ReadAsync(lane, 50);
        lane.Seek(first[20].Offset);
        List<SpanLogRecord> again = await Reading.ReadAsync(lane, 30);
        Assert.Equal(first.Skip(20).Select(r => (r.Offset, r.NextOffset)), again.Select(r => (r.Offset, r.NextOffset)));
        Assert.Equal(first.Skip(20).Select(r => r.Value.ToArray()), again.Select(r => r.Value.ToArray()));
    }

    [Fact]
    public async Task A_commit_survives_a_restart_and_what_was_not_committed_is_read_again()
    {
        ISpanLog first = await StartAsync();
        await Reading.AppendAsync(first, 0, 1, 2, 3, 4, 5);
        ISpanLogReader reader = Open(first);
        ISpanLogLane lane = await Reading.LaneAsync(reader, 0);
        List<SpanLogRecord> records = await Reading.ReadAsync(lane, 5);
        await lane.CommitAsync(records[2].NextOffset, Cancel);
        await lane.DisposeAsync();
        await reader.DisposeAsync();
        await first.DisposeAsync();

        ISpanLog second = await StartAsync();
        await using ISpanLogLane next = await Reading.LaneAsync(Open(second), 0);
        Assert.Equal(records[2].NextOffset, next.StartOffset);
        Assert.Equal([4L, 5L], (await Reading.ReadAsync(next, 2)).Select(r => Reading.Number(r.Value)));
    }

    [Fact]
    public async Task A_second_member_gets_a_share_and_nothing_is_lost_in_the_hand_over()
    {
        ISpanLog log = await StartAsync();
        for (int partition = 0; partition < log.PartitionCount(SpanLogTopics.Spans); partition++)
        {
            await Reading.AppendAsync(log, partition, (partition * 100) + 1, (partition * 100) + 2);
        }

        using var stop = new CancellationTokenSource();
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<long, int>();
        var owners = new System.Collections.Concurrent.ConcurrentDictionary<int, string>();
        Task one = ConsumeAsync(Open(log), "one", seen, owners, stop.Token);
        await TestKit.Eventually.HoldsAsync(() => seen.Count == 2 * log.PartitionCount(SpanLogTopics.Spans), "the first member reads everything");
        Task two = ConsumeAsync(Open(log), "two", seen, owners, stop.Token);
        await TestKit.Eventually.HoldsAsync(() => owners.Values.Distinct().Count() == 2, "both members have partitions");
        for (int partition = 0; partition < log.PartitionCount(SpanLogTopics.Spans); partition++)
        {
            await Reading.AppendAsync(log, partition, (partition * 100) + 3);
        }

        await TestKit.Eventually.HoldsAsync(() => seen.Count == 3 * log.PartitionCount(SpanLogTopics.Spans), "everything is read after the hand-over");
        await stop.CancelAsync();
        await Task.WhenAll(one, two);
        Assert.All(seen.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task A_lane_that_is_disposed_is_offered_again_from_the_committed_offset()
    {
        ISpanLog log = await StartAsync();
        await Reading.AppendAsync(log, 0, 1, 2, 3);
        ISpanLogReader reader = Open(log);
        ISpanLogLane lane = await Reading.LaneAsync(reader, 0);
        List<SpanLogRecord> records = await Reading.ReadAsync(lane, 3);
        await lane.CommitAsync(records[0].NextOffset, Cancel);
        await lane.DisposeAsync();
        await using ISpanLogLane again = await Reading.LaneAsync(reader, 0);
        Assert.Equal([2L, 3L], (await Reading.ReadAsync(again, 2)).Select(r => Reading.Number(r.Value)));
    }

    [Fact]
    public async Task A_record_over_the_limit_is_refused_and_one_at_the_limit_is_taken()
    {
        ISpanLog log = await StartAsync();
        AppendResult over = await log.AppendAsync(SpanLogTopics.Spans, new[] { new SpanLogAppend(0, new byte[log.MaxRecordBytes + 1]) }, Cancel);
        Assert.Equal(AppendStatus.Refused, over.Status);
        Assert.Contains("MaxRecordBytes", over.Reason, StringComparison.Ordinal);
        byte[] largest = Reading.Value(7, log.MaxRecordBytes);
        Assert.Equal(AppendResult.Durable, await log.AppendAsync(SpanLogTopics.Spans, new[] { new SpanLogAppend(0, largest) }, Cancel));
        await using ISpanLogLane lane = await Reading.LaneAsync(Open(log), 0);
        Assert.Equal(largest, (await Reading.ReadAsync(lane, 1))[0].Value.ToArray());
    }

    [Fact]
    public async Task Limits_of_a_read_are_kept_and_an_idle_read_returns_nothing()
    {
        ISpanLog log = await StartAsync();
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(
                AppendResult.Durable,
                await log.AppendAsync(SpanLogTopics.Spans, new[] { new SpanLogAppend(0, Reading.Value(i, 1000)) }, Cancel));
        }

        await using ISpanLogLane lane = await Reading.LaneAsync(Open(log), 0);
        var sizes = new List<int>();
        var records = new List<SpanLogRecord>();
        while (sizes.Sum() < 4)
        {
            int count = await lane.ReadAsync(records, 100, 1999, TimeSpan.FromSeconds(20), Cancel);
            Assert.Equal(1, count);
            sizes.Add(count);
        }

        Assert.Equal([0L, 1L, 2L, 3L], records.Select(r => Reading.Number(r.Value)));
        Assert.Equal(0, await lane.ReadAsync(records, 1, 1, TimeSpan.FromMilliseconds(50), Cancel));
        Assert.Equal(0, lane.Lag ?? 0);
    }

    [Fact]
    public async Task An_append_that_is_cancelled_beforehand_writes_nothing()
    {
        ISpanLog log = await StartAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await log.AppendAsync(SpanLogTopics.Spans, new[] { new SpanLogAppend(0, Reading.Value(1)) }, cancelled.Token));
        await Reading.AppendAsync(log, 0, 2);
        await using ISpanLogLane lane = await Reading.LaneAsync(Open(log), 0);
        Assert.Equal(2, Reading.Number((await Reading.ReadAsync(lane, 1))[0].Value));
    }

    [Fact]
    public async Task It_may_be_started_twice_disposed_twice_and_disposed_before_it_was_started()
    {
        ISpanLog unused = _fixture.Create();
        Assert.NotNull(unused.UnavailableReason);
        await unused.DisposeAsync();
        ISpanLog log = await StartAsync();
        await log.StartAsync(Cancel);
        Assert.Null(log.UnavailableReason);
        await log.DisposeAsync();
        await log.DisposeAsync();
        Assert.Equal(
            AppendStatus.Retry,
            (await log.AppendAsync(SpanLogTopics.Spans, new[] { new SpanLogAppend(0, Reading.Value(1)) }, Cancel)).Status);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => log.StartAsync(Cancel));
    }

    private static async Task ConsumeAsync(
        ISpanLogReader reader,
        string name,
        System.Collections.Concurrent.ConcurrentDictionary<long, int> seen,
        System.Collections.Concurrent.ConcurrentDictionary<int, string> owners,
        CancellationToken stop)
    {
        var lanes = new List<Task>();
        await foreach (ISpanLogLane lane in reader.LanesAsync(stop))
        {
            owners[lane.Partition] = name;
            lanes.Add(Task.Run(() => RunAsync(lane, seen, stop), CancellationToken.None));
        }

        await Task.WhenAll(lanes);
    }

    private static async Task RunAsync(
        ISpanLogLane lane, System.Collections.Concurrent.ConcurrentDictionary<long, int> seen, CancellationToken stop)
    {
        var records = new List<SpanLogRecord>();
        while (!lane.Revoked.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            records.Clear();
            int count = await lane.ReadAsync(records, 10, 1 << 20, TimeSpan.FromMilliseconds(50), CancellationToken.None);
            foreach (SpanLogRecord record in records)
            {
                seen.AddOrUpdate(Reading.Number(record.Value), 1, (_, times) => times + 1);
            }

            if (count > 0)
            {
                await lane.CommitAsync(records[^1].NextOffset, CancellationToken.None);
            }

            lane.Release();
        }

        await lane.DisposeAsync();
    }
}
