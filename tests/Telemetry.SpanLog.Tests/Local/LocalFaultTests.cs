using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.SpanLog.Local;
using Telemetry.SpanLog.Tests.Contract;
using Telemetry.SpanLog.Topics;
using Telemetry.TestKit;

namespace Telemetry.SpanLog.Tests.Local;

/// <summary>A disk that fails and comes back, a second process, and files that do not fit.</summary>
public sealed class LocalFaultTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly TemporaryDirectory _directory = new();
    private readonly BadDisk _disk = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task While_the_disk_refuses_writes_appends_are_told_to_retry_and_afterwards_they_are_taken_without_a_restart()
    {
        await using (ISpanLog log = await StartAsync())
        {
            await Reading.AppendAsync(log, 0, 1, 2, 3);
            _disk.IsBad = true;

            AppendResult refused = await AppendAsync(log, 100);

            Assert.Equal(AppendStatus.Retry, refused.Status);
            Assert.Contains(BadDisk.Message, refused.Reason, StringComparison.Ordinal);
            Assert.True(refused.RetryAfter > TimeSpan.Zero);
            Assert.Contains(BadDisk.Message, log.UnavailableReason, StringComparison.Ordinal);

            _disk.IsBad = false;
            await Eventually.HoldsAsync(() => log.UnavailableReason is null, "the log is writable again", Bound);
            await Reading.AppendAsync(log, 0, 4, 5);
        }

        Assert.Equal([1L, 2, 3, 4, 5], (await ReadAllAsync()).Where(n => n != 100));
    }

    [Fact]
    public async Task A_reader_goes_on_over_the_failure()
    {
        await using ISpanLog log = await StartAsync();
        await Reading.AppendAsync(log, 0, 1);
        await using ISpanLogReader reader = log.OpenReader("group", [SpanLogTopics.Spans]);
        await using ISpanLogLane lane = await Reading.LaneAsync(reader, 0);
        Assert.Equal([1L], (await Reading.ReadAsync(lane, 1)).Select(r => Reading.Number(r.Value)));

        _disk.IsBad = true;
        Assert.Equal(AppendStatus.Retry, (await AppendAsync(log, 100)).Status);
        _disk.IsBad = false;
        await Eventually.HoldsAsync(() => log.UnavailableReason is null, "the log is writable again", Bound);
        await Reading.AppendAsync(log, 0, 2);

        var read = new List<long>();
        while (!read.Contains(2))
        {
            read.AddRange((await Reading.ReadAsync(lane, 1)).Select(r => Reading.Number(r.Value)));
        }

        Assert.Equal([2L], read.Where(n => n != 100));
    }

    [Fact]
    public async Task Closing_a_log_on_a_bad_disk_ends()
    {
        ISpanLog log = await StartAsync();
        await Reading.AppendAsync(log, 0, 1);
        _disk.IsBad = true;
        Assert.Equal(AppendStatus.Retry, (await AppendAsync(log, 100)).Status);

        await log.DisposeAsync().AsTask().WaitAsync(Bound, Cancel);

        _disk.IsBad = false;
        Assert.Equal([1L], (await ReadAllAsync()).Where(n => n != 100));
    }

    [Fact]
    public async Task A_second_log_on_the_directory_is_refused_with_the_path_and_may_have_it_once_the_first_is_closed()
    {
        ISpanLog first = await StartAsync();
        LocalSpanLog second = Create();

        SpanLogException error = await Assert.ThrowsAsync<SpanLogException>(() => second.StartAsync(Cancel));

        Assert.Contains(_directory.Path, error.Message, StringComparison.Ordinal);
        await second.DisposeAsync();
        await first.DisposeAsync();
        await using ISpanLog third = await StartAsync();
        Assert.Null(third.UnavailableReason);
    }

    private LocalSpanLog Create()
    {
        var options = new SpanLogOptions { Path = _directory.Path, Partitions = 1 };
        options.Local.RetryAfter = TimeSpan.FromMilliseconds(50);
        return new LocalSpanLog(options, TopicCatalog.Load(options), NullLogger.Instance, TimeProvider.System, _disk);
    }

    private async Task<ISpanLog> StartAsync()
    {
        LocalSpanLog log = Create();
        await log.StartAsync(Cancel);
        return log;
    }

    private static async Task<AppendResult> AppendAsync(ISpanLog log, long number) =>
        await log.AppendAsync(SpanLogTopics.Spans, new SpanLogAppend[] { new(0, Reading.Value(number)) }, Cancel).AsTask().WaitAsync(Bound, Cancel);

    private async Task<List<long>> ReadAllAsync()
    {
        await using ISpanLog log = await StartAsync();
        await Reading.AppendAsync(log, 0, 999);
        await using ISpanLogReader reader = log.OpenReader("all", [SpanLogTopics.Spans]);
        await using ISpanLogLane lane = await Reading.LaneAsync(reader, 0);
        var numbers = new List<long>();
        while (!numbers.Contains(999))
        {
            numbers.AddRange((await Reading.ReadAsync(lane, 1)).Select(r => Reading.Number(r.Value)));
        }

        numbers.Remove(999);
        return numbers;
    }
}
