using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.SpanLog.Local;
using Telemetry.SpanLog.Tests.Contract;
using Telemetry.SpanLog.Topics;
using Telemetry.TestKit;

namespace Telemetry.SpanLog.Tests.Local;

/// <summary>The files of a log that is in use, opened elsewhere; and a log whose readers are set back.</summary>
public sealed class LocalLogBackupTests : IDisposable
{
    private const int SegmentBytes = 1024 * 1024;
    private const int RecordBytes = 100_000;
    private const int Group = 12;

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Original => Path.Combine(_directory.Path, "original");

    private string Saved => Path.Combine(_directory.Path, "saved");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_backup_of_a_log_in_use_holds_what_was_unread_when_it_began_without_the_files_of_what_was_read()
    {
        await using (ISpanLog log = await StartAsync(Original))
        {
            await AppendAsync(log, 0, 3 * Group);
            await using ISpanLogReader reader = log.OpenReader("group", [SpanLogTopics.Spans]);
            await using ISpanLogLane lane = await Reading.LaneAsync(reader, 0);
            await ReadAndCommitAsync(lane, 2 * Group);

            var backup = LocalLogBackup.Begin(Original);
            await ReadAndCommitAsync(lane, Group / 2);
            await AppendAsync(log, 3 * Group, 5);
            await SaveAsync(backup);
            await AppendAsync(log, 1000, 5);
        }

        string partition = Path.Combine("topics", SpanLogTopics.Spans, "0");
        Assert.Contains("segment.0", Directory.EnumerateFiles(Path.Combine(Original, partition)).Select(Path.GetFileName));
        Assert.DoesNotContain("segment.0", Directory.EnumerateFiles(Path.Combine(Saved, partition)).Select(Path.GetFileName));
        Assert.Equal(Enumerable.Range(2 * Group, Group + 5).Select(n => (long)n), await ReadAsync(Saved, Group + 5));

        // It is a log like any other: it takes what comes, and retention goes on over it.
        await using (ISpanLog log = await StartAsync(Saved))
        {
            await AppendAsync(log, 500, 2);
        }

        Assert.Equal([500L, 501], await ReadAsync(Saved, 2));
    }

    [Fact]
    public async Task A_log_that_was_kept_is_read_again_from_where_the_backup_stood()
    {
        await using (ISpanLog log = await StartAsync(Original))
        {
            await AppendAsync(log, 0, 6);
            await using ISpanLogReader reader = log.OpenReader("group", [SpanLogTopics.Spans]);
            await using ISpanLogLane lane = await Reading.LaneAsync(reader, 0);
            await ReadAndCommitAsync(lane, 2);
            await SaveAsync(LocalLogBackup.Begin(Original));
            await ReadAndCommitAsync(lane, 4);
        }

        CursorChange change = LocalLogReset.SetBack(Original, Saved).Single(c => c.Cursor.EndsWith($"{SpanLogTopics.Spans}-0", StringComparison.Ordinal));

        Assert.True(change.From > change.To);
        Assert.Equal(0, change.Missing);
        Assert.Equal([2L, 3, 4, 5], await ReadAsync(Original, 4));
    }

    [Fact]
    public async Task A_log_that_was_made_after_the_backup_is_read_from_its_beginning()
    {
        await MakeAsync(6, 6);
        await using (ISpanLog log = await StartAsync(Original))
        {
            await SaveAsync(LocalLogBackup.Begin(Original));
        }

        Directory.Delete(Original, recursive: true);
        await MakeAsync(9, 9);

        CursorChange change = LocalLogReset.SetBack(Original, Saved).Single(c => c.Cursor.EndsWith($"{SpanLogTopics.Spans}-0", StringComparison.Ordinal));

        Assert.Null(change.To);
        Assert.Equal(Enumerable.Range(0, 9).Select(n => (long)n), await ReadAsync(Original, 9));
    }

    [Fact]
    public async Task A_log_that_is_older_than_the_backup_is_refused_and_stays_as_it_is()
    {
        await MakeAsync(2, 2);
        string older = Path.Combine(_directory.Path, "older");
        await SaveAsync(LocalLogBackup.Begin(Original), older);
        await using (ISpanLog log = await StartAsync(Original))
        {
            await AppendAsync(log, 2, 6);
            await using ISpanLogReader reader = log.OpenReader("group", [SpanLogTopics.Spans]);
            await using ISpanLogLane lane = await Reading.LaneAsync(reader, 0);
            await ReadAndCommitAsync(lane, 6);
            await SaveAsync(LocalLogBackup.Begin(Original));
        }

        SpanLogException error = Assert.Throws<SpanLogException>(() => LocalLogReset.SetBack(older, Saved));

        Assert.Contains("older than the backup", error.Message, StringComparison.Ordinal);
    }

    private async Task MakeAsync(int records, int read)
    {
        await using ISpanLog log = await StartAsync(Original);
        await AppendAsync(log, 0, records);
        await using ISpanLogReader reader = log.OpenReader("group", [SpanLogTopics.Spans]);
        await using ISpanLogLane lane = await Reading.LaneAsync(reader, 0);
        await ReadAndCommitAsync(lane, read);
    }

    private async Task SaveAsync(LocalLogBackup backup, string? target = null)
    {
        foreach ((string name, Stream content) in backup.Complete())
        {
            string path = Path.Combine(target ?? Saved, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using Stream from = content;
            await using FileStream file = File.Create(path);
            await from.CopyToAsync(file, Cancel);
            Assert.Equal(from.Length, file.Length);
        }
    }

    private static async Task<ISpanLog> StartAsync(string path)
    {
        var options = new SpanLogOptions { Path = path, Partitions = 1, MaxRecordBytes = 2 * RecordBytes };
        options.Local.SegmentBytes = SegmentBytes;
        var log = new LocalSpanLog(options, TopicCatalog.Load(options), NullLogger.Instance, TimeProvider.System);
        await log.StartAsync(Cancel);
        return log;
    }

    private static async Task AppendAsync(ISpanLog log, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            byte[] value = new byte[RecordBytes];
            BitConverter.TryWriteBytes(value, (long)i);
            AppendResult result = await log.AppendAsync(SpanLogTopics.Spans, new SpanLogAppend[] { new(0, value) }, Cancel);
            Assert.Equal(AppendStatus.Durable, result.Status);
        }
    }

    private static async Task<List<long>> ReadAndCommitAsync(ISpanLogLane lane, int count)
    {
        var records = new List<SpanLogRecord>();
        while (records.Count < count)
        {
            await lane.ReadAsync(records, count - records.Count, int.MaxValue, TimeSpan.FromSeconds(1), Cancel);
        }

        List<long> numbers = [.. records.Select(r => BitConverter.ToInt64(r.Value.Span))];
        await lane.CommitAsync(records[^1].NextOffset, Cancel);
        lane.Release();
        return numbers;
    }

    private static async Task<List<long>> ReadAsync(string path, int count)
    {
        await using ISpanLog log = await StartAsync(path);
        await using ISpanLogReader reader = log.OpenReader("group", [SpanLogTopics.Spans]);
        await using ISpanLogLane lane = await Reading.LaneAsync(reader, 0);
        return await ReadAndCommitAsync(lane, count);
    }
}
