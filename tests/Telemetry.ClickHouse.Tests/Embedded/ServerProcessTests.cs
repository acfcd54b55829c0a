using System.Diagnostics;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.ClickHouse.Tests.Embedded;

public sealed class ServerProcessTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "telemetry-clickhouse-kill-" + Guid.NewGuid().ToString("N"));
    private readonly HttpClient _http = ClickHouseClient.CreateHttpClient();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_acknowledged_insert_survives_kill_9_and_a_replay_adds_nothing()
    {
        var acknowledged = new HashSet<ulong>();
        ulong next = 0;
        for (int round = 0; round < 3; round++)
        {
            await using ServerProcess server = await ServerProcess.StartAsync(_path, Token);
            ClickHouseClient client = server.Client(_http);
            await client.ExecuteAsync(
                "CREATE TABLE IF NOT EXISTS t (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 1000", null, Token);
            await CheckAsync(client, acknowledged);
            Task writing = WriteUntilKilledAsync(client, acknowledged, next);
            await EventuallyAsync(() => acknowledged.Count > (round + 1) * 10 * 100);
            await server.KillAsync();
            await writing;
            next = acknowledged.Max() + 1;
        }

        await using ServerProcess last = await ServerProcess.StartAsync(_path, Token);
        ClickHouseClient lastClient = last.Client(_http);
        await CheckAsync(lastClient, acknowledged);
        long before = await CountAsync(lastClient);
        await InsertAsync(lastClient, 0);
        Assert.Equal(before, await CountAsync(lastClient));
        Assert.Equal(0, await last.StopAsync(Token));
    }

    [Fact]
    public async Task A_second_process_on_the_same_directory_is_refused()
    {
        await using ServerProcess first = await ServerProcess.StartAsync(_path, Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(_path, Token));
        await first.Client(_http).ExecuteAsync("SELECT 1", null, Token);
    }

    [Fact]
    public async Task Help_names_the_settings()
    {
        using Process process = Process.Start(
            new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Telemetry.ClickHouseServer"), ["--help"]) { RedirectStandardOutput = true })!;
        string text = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("Telemetry:EmbeddedClickHouse:MaxServerMemoryBytes", text, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _http.Dispose();
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    private static async Task WriteUntilKilledAsync(ClickHouseClient client, HashSet<ulong> acknowledged, ulong first)
    {
        try
        {
            for (ulong n = first; ; n += 100)
            {
                await InsertAsync(client, n);
                lock (acknowledged)
                {
                    acknowledged.UnionWith(Enumerable.Range(0, 100).Select(i => n + (ulong)i));
                }
            }
        }
        catch (ClickHouseException e) when (e.IsRetryable)
        {
            // Killed.
        }
    }

    private static Task InsertAsync(ClickHouseClient client, ulong first)
    {
        var n = new NumberColumn<ulong>("n");
        for (ulong i = 0; i < 100; i++)
        {
            n.Append(first + i);
        }

        return client.InsertAsync("t", new NativeBlock([n]), $"block-{first}", Token);
    }

    private static async Task CheckAsync(ClickHouseClient client, HashSet<ulong> acknowledged)
    {
        ClickHouseResult result = await client.QueryAsync("SELECT n FROM t", null, Token);
        List<ulong> rows = [.. result.Rows.Select(r => r.GetUInt64("n"))];
        Assert.Equal(rows.Count, rows.Distinct().Count());
        Assert.Empty(acknowledged.Except(rows));
    }

    private static async Task<long> CountAsync(ClickHouseClient client) =>
        (await client.QueryAsync("SELECT count() AS c FROM t", null, Token)).Rows[0].GetInt64("c");

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(5, deadline.Token);
        }
    }
}
