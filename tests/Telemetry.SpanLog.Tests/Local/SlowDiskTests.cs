using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.SpanLog.Local;
using Telemetry.SpanLog.Tests.Contract;
using Telemetry.SpanLog.Topics;
using Telemetry.TestKit;

namespace Telemetry.SpanLog.Tests.Local;

/// <summary>A disk that does not fail but takes its time: nothing is acknowledged early, nothing piles up without end, nothing is lost.</summary>
public sealed class SlowDiskTests : IDisposable
{
    private const int Records = 2000;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly SlowDisk _disk = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _directory.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public async Task While_a_write_stalls_nothing_is_acknowledged_or_shown_and_then_all_share_a_few_writes()
    {
        await using LocalSpanLog log = await StartAsync();
        await Reading.AppendAsync(log, 0, 0);
        await using ISpanLogReader reader = log.OpenReader("group", [SpanLogTopics.Spans]);
        await using ISpanLogLane lane = await Reading.LaneAsync(reader, 0);
        Assert.Equal([0L], (await Reading.ReadAsync(lane, 1)).Select(r => Reading.Number(r.Value)));
        _disk.Stall();
        Task<AppendResult> first = AppendAsync(log, 1, Cancel);
        await Eventually.HoldsAsync(() => _disk.Waiting == 1, "the first write has begun", Bound);

        Task<AppendResult>[] others = [.. Enumerable.Range(2, Records).Select(n => AppendAsync(log, n, Cancel))];
        var records = new List<SpanLogRecord>();
        Assert.Equal(0, await lane.ReadAsync(records, 10, int.MaxValue, TimeSpan.FromMilliseconds(100), Cancel));
        Assert.False(first.IsCompleted);
        Assert.DoesNotContain(others, o => o.IsCompleted);
        int writesBefore = _disk.Writes;
        _disk.GoOn();

        Assert.All(await Task.WhenAll(others.Prepend(first)).WaitAsync(Bound, Cancel), r => Assert.Equal(AppendStatus.Durable, r.Status));
        Assert.InRange(_disk.Writes - writesBefore, 1, Records / 50);
        Assert.Equal(Enumerable.Range(1, Records + 1).Select(n => (long)n), (await Reading.ReadAsync(lane, Records + 1)).Select(r => Reading.Number(r.Value)).Order());
    }

    [Fact]
    public async Task What_does_not_fit_into_memory_while_a_write_stalls_waits_with_its_caller_and_is_taken_afterwards()
    {
        const int Large = 256 << 10;
        const int Many = 400;
        await using LocalSpanLog log = await StartAsync();
        await Reading.AppendAsync(log, 0, 0);
        _disk.Stall();

        Task<AppendResult>[] appends = [.. Enumerable.Range(0, Many).Select(_ => Task.Run(() => log.AppendAsync(SpanLogTopics.Spans, new SpanLogAppend[] { new(0, new byte[Large]) }, Cancel).AsTask(), Cancel))];
        await Eventually.HoldsAsync(() => _disk.Waiting == 1, "a write has begun", Bound);
        Assert.DoesNotContain(appends, a => a.IsCompleted);
        _disk.GoOn();

        Assert.All(await Task.WhenAll(appends).WaitAsync(Bound, Cancel), r => Assert.Equal(AppendStatus.Durable, r.Status));
    }

    [Fact]
    public async Task A_caller_who_gives_up_during_a_stall_is_let_go_and_the_log_goes_on()
    {
        await using LocalSpanLog log = await StartAsync();
        await Reading.AppendAsync(log, 0, 0);
        _disk.Stall();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task<AppendResult> given = AppendAsync(log, 1, patience.Token);
        await Eventually.HoldsAsync(() => _disk.Waiting == 1, "the write has begun", Bound);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.WaitAsync(Bound, Cancel));
        _disk.GoOn();

        Assert.Equal(AppendStatus.Durable, (await AppendAsync(log, 2, Cancel).WaitAsync(Bound, Cancel)).Status);
    }

    private async Task<LocalSpanLog> StartAsync()
    {
        var options = new SpanLogOptions { Path = _directory.Path, Partitions = 1 };
        var log = new LocalSpanLog(options, TopicCatalog.Load(options), NullLogger.Instance, TimeProvider.System, _disk);
        await log.StartAsync(Cancel);
        return log;
    }

    private static Task<AppendResult> AppendAsync(LocalSpanLog log, long number, CancellationToken cancellation) =>
        log.AppendAsync(SpanLogTopics.Spans, new SpanLogAppend[] { new(0, Reading.Value(number)) }, cancellation).AsTask();
}
