using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Migrations;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.ClickHouse.Tests.Embedded;

/// <summary>What a kill in the middle of an insert leaves behind, at every step of it, and what the replay of the same block makes of it.</summary>
public sealed class KilledInsertTests : IDisposable
{
    private static readonly string[] s_tables =
    [
        "CREATE TABLE raw (t DateTime) ENGINE = MergeTree PARTITION BY toYYYYMMDD(t) ORDER BY t SETTINGS non_replicated_deduplication_window = 1000",
        "CREATE TABLE by_minute (t DateTime, n UInt64) ENGINE = SummingMergeTree ORDER BY t SETTINGS non_replicated_deduplication_window = 1000",
        "CREATE TABLE by_hour (t DateTime, n UInt64) ENGINE = SummingMergeTree ORDER BY t SETTINGS non_replicated_deduplication_window = 1000",
        "CREATE MATERIALIZED VIEW minutes TO by_minute AS SELECT toStartOfMinute(t) AS t, count() AS n FROM raw GROUP BY t",
        "CREATE MATERIALIZED VIEW hours TO by_hour AS SELECT toStartOfHour(t) AS t, sum(n) AS n FROM by_minute GROUP BY t",
    ];

    private readonly string _path = Path.Combine(Path.GetTempPath(), "telemetry-clickhouse-insert-" + Guid.NewGuid().ToString("N"));
    private readonly HttpClient _http = ClickHouseClient.CreateHttpClient();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The engine writes the line of the log first and gives the part its name after: a kill between the two leaves a line without a part.
    [Theory]
    [InlineData("raw", "by_minute", "by_hour")]
    [InlineData("by_minute", "by_hour")]
    [InlineData("by_hour")]
    public async Task A_block_whose_part_was_never_named_is_taken_again_and_those_before_it_are_not(params string[] unnamed)
    {
        await using (ServerProcess server = await ServerProcess.StartAsync(_path, Token))
        {
            ClickHouseClient client = server.Client(_http);
            foreach (string sql in s_tables)
            {
                await client.ExecuteAsync(sql, null, Token);
            }

            await InsertAsync(client, "whole");
            await InsertAsync(client, "killed");
            Assert.Equal("2\t2\t2", await TextAsync(client));
            Assert.Equal(0, await server.StopAsync(Token));
        }

        // The first of the tables has its line, those behind it were not reached.
        UnnameLastPart(unnamed[0], keepsLine: true);
        Array.ForEach(unnamed[1..], table => UnnameLastPart(table, keepsLine: false));

        await using ServerProcess again = await ServerProcess.StartAsync(_path, Token);
        ClickHouseClient other = again.Client(_http);
        await InsertAsync(other, "killed");
        await InsertAsync(other, "whole");
        Assert.Equal("2\t2\t2", await TextAsync(other));
    }

    [Fact]
    public async Task A_line_that_was_cut_off_is_taken_out()
    {
        await using (ServerProcess server = await ServerProcess.StartAsync(_path, Token))
        {
            await server.Client(_http).ExecuteAsync(s_tables[0], null, Token);
            await InsertAsync(server.Client(_http), "whole");
            Assert.Equal(0, await server.StopAsync(Token));
        }

        string log = LogOf("raw");
        string before = await File.ReadAllTextAsync(log, Token);
        await File.AppendAllTextAsync(log, "1\t20261121_2_2", Token);
        await using ServerProcess again = await ServerProcess.StartAsync(_path, Token);
        Assert.StartsWith(before, await File.ReadAllTextAsync(LogOf("raw"), Token), StringComparison.Ordinal);
        Assert.DoesNotContain("20261121_2_2", await File.ReadAllTextAsync(LogOf("raw"), Token), StringComparison.Ordinal);
        await InsertAsync(again.Client(_http), "whole");
        Assert.Equal("1", (await again.Client(_http).QueryAsync("SELECT toString(count()) AS n FROM raw", null, Token)).Rows[0].GetString("n"));
    }

    [Fact]
    public async Task What_was_written_before_a_restart_is_known_after_it_in_every_rollup_of_the_schema()
    {
        const string Calls = "SELECT toString(count()) || ' ' || toString((SELECT sum(calls) FROM llm_rollup_1m)) || ' ' || toString((SELECT sum(calls) FROM llm_rollup_1d)) AS n FROM llm_calls";
        await using (ServerProcess server = await ServerProcess.StartAsync(_path, Token))
        {
            ClickHouseClient client = server.Client(_http);
            await new MigrationRunner(client, ClickHouse.Migrations.Migrations.LoadEmbedded(), NullLogger<MigrationRunner>.Instance, TimeProvider.System).RunAsync(Token);
            await client.InsertAsync("llm_calls", Calls1(), "batch", Token);
            Assert.Equal("1 1 1", (await client.QueryAsync(Calls, null, Token)).Rows[0].GetString("n"));
            await server.KillAsync();
        }

        await using ServerProcess again = await ServerProcess.StartAsync(_path, Token);
        await again.Client(_http).InsertAsync("llm_calls", Calls1(), "batch", Token);
        Assert.Equal("1 1 1", (await again.Client(_http).QueryAsync(Calls, null, Token)).Rows[0].GetString("n"));

        static NativeBlock Calls1()
        {
            var trace = new StringColumn("trace_id");
            trace.Append("00000000000000000000000000000001"u8);
            return new NativeBlock([trace]);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    private static Task InsertAsync(ClickHouseClient client, string token)
    {
        var t = new StringColumn("t");
        t.Append("2026-11-21 10:00:00"u8);
        return client.InsertAsync("raw", new NativeBlock([t]), token, Token);
    }

    private static async Task<string> TextAsync(ClickHouseClient client)
    {
        ClickHouseResult result = await client.QueryAsync(
            "SELECT toString(count()) AS raw, toString((SELECT sum(n) FROM by_minute)) AS minutes, toString((SELECT sum(n) FROM by_hour)) AS hours FROM raw", null, Token);
        ClickHouseRow row = result.Rows[0];
        return $"{row.GetString("raw")}\t{row.GetString("minutes")}\t{row.GetString("hours")}";
    }

    // The last insert's part gets the name back that it had before the engine gave it one.
    private void UnnameLastPart(string table, bool keepsLine)
    {
        string log = LogOf(table);
        string[] lines = File.ReadAllLines(log);
        string part = lines[^1].Split('\t')[1];
        string folder = Path.GetDirectoryName(Path.GetDirectoryName(log))!;
        Directory.Move(Path.Combine(folder, part), Path.Combine(folder, "tmp_insert_" + part));
        if (!keepsLine)
        {
            File.WriteAllLines(log, lines[..^1]);
        }
    }

    private string LogOf(string table)
    {
        string metadata = Directory.EnumerateFiles(Path.Combine(_path, "store"), table + ".sql", SearchOption.AllDirectories).Single();
        string id = File.ReadAllText(metadata).Split('\'')[1];
        string folder = Path.Combine(_path, "store", id[..3], id, "deduplication_logs");
        return Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Last(f => new FileInfo(f).Length > 0);
    }
}
