using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary><c>telemetry backup</c> of the running program, and <c>telemetry restore</c> of what it made.</summary>
public sealed class BackupTests
{
    private const int Before = 150;
    private const int After = 100;
    private const int NotDone = 1;
    private const int BadFile = 2;
    private const string Tables = "SELECT name, engine FROM system.tables WHERE database = 'telemetry' AND NOT startsWith(name, '.') ORDER BY name";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("backup")]
    [InlineData("backup.tar")]
    public async Task A_backup_under_traffic_holds_every_call_acknowledged_before_it_once_and_goes_on_elsewhere(string name)
    {
        using var data = new TemporaryDirectory();
        string backup = Path.Combine(data.Path, name);
        string elsewhere = Path.Combine(data.Path, "elsewhere");
        IReadOnlyList<string> before;
        string tables;
        await using (AllInOneProcess original = await AllInOneProcess.StartAsync(data.Path, _cancellation))
        {
            tables = await original.AskAsync(Tables, _cancellation);
            (before, _) = await BackUpUnderTrafficAsync(original, backup);
        }

        Assert.Equal("telemetry", (await CommandLineRun.OfAsync("restore", "--from", backup, "--check", "--json")).Json().GetProperty("database").GetString());
        (await CommandLineRun.OfAsync("restore", "--from", backup, "--data", elsewhere, "--json")).Json();

        await using AllInOneProcess restored = await AllInOneProcess.StartAsync(elsewhere, _cancellation);
        await AssertOnceAsync(restored, before);
        using Traffic more = new Traffic(restored, "after-restore", 1_000_000).Start();
        await more.UntilAsync(After, _cancellation);
        await more.StopAsync();
        await AssertOnceAsync(restored, [.. before, .. more.Acknowledged]);
        Assert.Contains("llm_rollup_1m_mv", tables, StringComparison.Ordinal);
        Assert.Equal(tables, await restored.AskAsync(Tables, _cancellation));
    }

    [Fact]
    public async Task With_neither_the_old_span_log_nor_that_of_the_backup_rollups_still_equal_rows()
    {
        using var data = new TemporaryDirectory();
        const int Backups = 4;
        string[] backups = [.. Enumerable.Range(0, Backups).Select(i => Path.Combine(data.Path, $"backup-{i}"))];
        await using (AllInOneProcess original = await AllInOneProcess.StartAsync(data.Path, _cancellation))
        {
            using Traffic traffic = new Traffic(original, "backup", 0).Start();
            await original.AskUntilAsync("SELECT count() > 0 FROM llm_calls", "1", Bound, _cancellation);
            foreach (string backup in backups)
            {
                await traffic.UntilAsync(traffic.Acknowledged.Count + After, _cancellation);
                (await BackUpAsync(original, backup)).Json();
            }

            await traffic.StopAsync();
        }

        foreach (string backup in backups)
        {
            string elsewhere = backup + "-restored";
            (await CommandLineRun.OfAsync("restore", "--from", backup, "--data", elsewhere, "--json")).Json();
            Directory.Delete(Path.Combine(elsewhere, "span-log"), recursive: true);
            await using AllInOneProcess restored = await AllInOneProcess.StartAsync(elsewhere, _cancellation);
            string rows = await restored.AskAsync("SELECT count(), sum(ifNull(cost_usd, 0)) FROM llm_calls", _cancellation);
            foreach (string rollup in (string[])["llm_rollup_1m", "llm_rollup_1h", "llm_rollup_1d"])
            {
                Assert.Equal(rows, await restored.AskAsync($"SELECT sum(calls), sum(cost_usd) FROM {rollup}", _cancellation));
            }
        }
    }

    [Fact]
    public async Task With_the_span_log_kept_nothing_is_lost_that_came_after_the_backup_and_nothing_counts_twice()
    {
        using var data = new TemporaryDirectory();
        string backup = Path.Combine(data.Path, "backup");
        IReadOnlyList<string> all;
        await using (AllInOneProcess original = await AllInOneProcess.StartAsync(data.Path, _cancellation))
        {
            IReadOnlyList<string> before;
            (before, all) = await BackUpUnderTrafficAsync(original, backup);
            Assert.True(all.Count >= before.Count + After);
        }

        // The disk of the tables is lost, that of the span log is not.
        Directory.Delete(Path.Combine(data.Path, "clickhouse"), recursive: true);
        JsonElement restore = (await CommandLineRun.OfAsync("restore", "--from", backup, "--data", data.Path, "--keep-span-log", "--json")).Json();
        Assert.Contains(restore.GetProperty("cursors").EnumerateArray(), c => c.GetProperty("from").GetInt64() > c.GetProperty("to").GetInt64());
        Assert.All(restore.GetProperty("cursors").EnumerateArray(), c => Assert.Equal(0, c.GetProperty("missing").GetInt64()));

        await using AllInOneProcess restored = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        await AssertOnceAsync(restored, all);
    }

    [Fact]
    public async Task A_damaged_or_incomplete_backup_is_refused_by_name_and_leaves_nothing()
    {
        using var data = new TemporaryDirectory();
        string backup = Path.Combine(data.Path, "backup");
        string tar = Path.Combine(data.Path, "whole.tar");
        await using (AllInOneProcess original = await AllInOneProcess.StartAsync(data.Path, _cancellation))
        {
            await SendAsync(original);
            await original.AskAsync("CREATE TABLE notes (text String) ENGINE = Memory", _cancellation);
            JsonElement made = (await BackUpAsync(original, backup)).Json();
            Assert.Equal("notes (Memory)", Assert.Single(made.GetProperty("left_out").EnumerateArray()).GetString());
            Assert.Equal(1, made.GetProperty("tables").EnumerateArray().Single(t => t.GetProperty("name").GetString() == "llm_calls").GetProperty("rows").GetInt64());
            (await BackUpAsync(original, tar)).Json();
            (await BackUpAsync(original, backup)).AssertRefused(BadFile, "is there already", backup);
            (await BackUpAsync(original, Path.Combine(data.Path, "reader"), "--user", "reader")).AssertRefused(NotDone, "READONLY");
            (await BackUpAsync(original, Path.Combine(data.Path, "other"), "--database", "nowhere")).AssertRefused(NotDone, "nowhere");
            Assert.False(Directory.Exists(Path.Combine(data.Path, "reader")));

            // Over what runs, and over what stands still.
            (await CommandLineRun.OfAsync("restore", "--from", backup, "--data", data.Path)).AssertRefused(BadFile, "in use by process", "stop it first");
            Assert.Equal("1", await original.AskAsync("SELECT count() FROM llm_calls", _cancellation));
        }

        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(data.Path, "clickhouse", "shadow")));
        (await CommandLineRun.OfAsync("restore", "--from", backup, "--data", data.Path)).AssertRefused(BadFile, "is not empty", Path.Combine(data.Path, "clickhouse"));

        string file = Directory.EnumerateFiles(backup, "data.bin", SearchOption.AllDirectories).First();
        byte[] whole = await File.ReadAllBytesAsync(file, _cancellation);
        byte[] damaged = [.. whole];
        damaged[damaged.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, damaged, _cancellation);
        await AssertRefusedAsync(data, backup, "is damaged", Path.GetRelativePath(backup, file), "checksum");
        File.Delete(file);
        await AssertRefusedAsync(data, backup, "is damaged", Path.GetRelativePath(backup, file), "is missing");
        await File.WriteAllBytesAsync(file, whole, _cancellation);
        await File.WriteAllTextAsync(file + ".more", "", _cancellation);
        await AssertRefusedAsync(data, backup, Path.GetRelativePath(backup, file) + ".more", "does not belong");
        File.Delete(file + ".more");
        string manifest = Path.Combine(backup, "manifest.json");
        string text = await File.ReadAllTextAsync(manifest, _cancellation);
        await File.WriteAllTextAsync(manifest, Regex.Replace(text, "\"schema_version\": [0-9]+", "\"schema_version\": 991"), _cancellation);
        await AssertRefusedAsync(data, backup, "schema_version = 991", "newer than this program");
        await File.WriteAllTextAsync(manifest, text[..(text.Length / 2)], _cancellation);
        await AssertRefusedAsync(data, backup, "manifest.json is damaged");
        File.Delete(manifest);
        await AssertRefusedAsync(data, backup, "is incomplete", "manifest.json");

        using (FileStream cut = File.OpenWrite(tar))
        {
            cut.SetLength(cut.Length / 2);
        }

        await AssertRefusedAsync(data, tar, tar, "incomplete");
        await AssertRefusedAsync(data, Path.Combine(data.Path, "no-such"), "there is no such directory");
    }

    [Fact]
    public async Task A_restore_that_was_broken_off_is_not_taken_for_data()
    {
        using var data = new TemporaryDirectory();
        Directory.CreateDirectory(Path.Combine(data.Path, "clickhouse", "restoring"));
        await using ServiceProcess process = ServiceProcess.StartWithoutWaiting("Telemetry.AllInOne", AllInOneProcess.Settings(data.Path));
        await process.WaitForExitAsync(Bound, _cancellation);
        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains("was broken off", process.Log, StringComparison.Ordinal);
    }

    private async Task<(IReadOnlyList<string> Before, IReadOnlyList<string> All)> BackUpUnderTrafficAsync(AllInOneProcess process, string backup)
    {
        using Traffic traffic = new Traffic(process, "backup", 0).Start();
        await traffic.UntilAsync(Before, _cancellation);
        await UntilMoreRowsAsync(process);
        IReadOnlyList<string> before = traffic.Acknowledged;
        JsonElement made = (await BackUpAsync(process, backup)).Json();
        Assert.True(made.GetProperty("has_span_log").GetBoolean());
        TestContext.Current.SendDiagnosticMessage($"inserts waited {made.GetProperty("paused_milliseconds").GetDouble()} ms");
        await traffic.UntilAsync(traffic.Acknowledged.Count + After, _cancellation);

        // When the second of two further batches is visible the first one has been committed, behind the backup.
        await UntilMoreRowsAsync(process);
        await UntilMoreRowsAsync(process);
        await process.Service.KillAsync();
        await traffic.StopAsync();
        return (before, traffic.Acknowledged);
    }

    private async Task UntilMoreRowsAsync(AllInOneProcess process)
    {
        string now = await process.AskAsync("SELECT count() FROM llm_calls", _cancellation);
        await process.AskUntilAsync($"SELECT count() > {now} FROM llm_calls", "1", Bound, _cancellation);
    }

    private static Task<CommandLineRun> BackUpAsync(AllInOneProcess process, string to, params string[] more) =>
        CommandLineRun.OfAsync(["backup", "--to", to, "--clickhouse", process.ClickHouse.ToString(), "--json", .. more]);

    private static async Task AssertRefusedAsync(TemporaryDirectory data, string backup, params string[] texts)
    {
        string target = Path.Combine(data.Path, "refused");
        (await CommandLineRun.OfAsync("restore", "--from", backup, "--data", target)).AssertRefused(BadFile, texts);
        Assert.All(Directory.Exists(target) ? Directory.EnumerateDirectories(target) : [], d => Assert.Empty(Directory.EnumerateDirectories(d)));
        (await CommandLineRun.OfAsync("restore", "--from", backup, "--check")).AssertRefused(BadFile, texts);
    }

    private async Task AssertOnceAsync(AllInOneProcess process, IReadOnlyList<string> expected)
    {
        HashSet<string> found = await Processes.Eventually.GetAsync(() => TracesAsync(process), traces => expected.All(traces.Contains), Bound, _cancellation);
        Assert.Equal("0", await process.AskAsync("SELECT count() FROM (SELECT span_id FROM llm_calls GROUP BY trace_id, span_id HAVING count() > 1)", _cancellation));
        string rows = found.Count.ToString(CultureInfo.InvariantCulture);
        foreach (string rollup in (string[])["llm_rollup_1m", "llm_rollup_1h", "llm_rollup_1d"])
        {
            await process.AskUntilAsync($"SELECT (SELECT count() FROM llm_calls) = {rows} AND (SELECT sum(calls) FROM {rollup}) = {rows}", "1", Bound, _cancellation);
            Assert.Equal(
                await process.AskAsync("SELECT sum(cost_usd), sum(input_tokens), sum(output_tokens) FROM llm_calls", _cancellation),
                await process.AskAsync($"SELECT sum(cost_usd), sum(input_tokens), sum(output_tokens) FROM {rollup}", _cancellation));
        }
    }

    private async Task<HashSet<string>> TracesAsync(AllInOneProcess process) =>
        [.. (await process.AskAsync("SELECT trace_id FROM llm_calls", _cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private async Task SendAsync(AllInOneProcess process)
    {
        using HttpResponseMessage answer = await process.PostTracesAsync(
            OtlpJson.Chat(1.ToString("x32", CultureInfo.InvariantCulture), "00f067aa0ba902b7", "backup", TimeProvider.System.GetUtcNow()), _cancellation);
        Assert.True(answer.IsSuccessStatusCode);
        await process.AskUntilAsync("SELECT sum(calls) FROM llm_rollup_1d", "1", Bound, _cancellation);
    }
}
