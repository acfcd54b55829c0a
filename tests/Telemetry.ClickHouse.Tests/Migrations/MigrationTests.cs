using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Migrations;

namespace Telemetry.ClickHouse.Tests.Migrations;

public sealed class MigrationTests(EngineFixture engine)
{
    private static readonly Migration s_first = Migration.Parse("0001_first.sql", "CREATE TABLE IF NOT EXISTS a (n UInt8) ENGINE = MergeTree ORDER BY n; -- one;\nCREATE TABLE IF NOT EXISTS b (n UInt8) ENGINE = MergeTree ORDER BY n;");
    private static readonly Migration s_second = Migration.Parse("0002_second.sql", "ALTER TABLE a ADD COLUMN IF NOT EXISTS s String DEFAULT ';'");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_database_is_created_and_only_what_is_missing_is_applied()
    {
        ClickHouseClient client = NewClient();
        Assert.Equal([s_first], await RunnerOf(client, s_first).RunAsync(Token));
        Assert.Equal([s_second], await RunnerOf(client, s_first, s_second).RunAsync(Token));
        Assert.Empty(await RunnerOf(client, s_first, s_second).RunAsync(Token));
        ClickHouseResult result = await client.QueryAsync("SELECT version, name FROM schema_migrations FINAL ORDER BY version", null, Token);
        Assert.Equal([(1L, "first"), (2L, "second")], result.Rows.Select(r => (r.GetInt64("version"), r.GetString("name"))));
    }

    [Fact]
    public async Task Several_processes_at_once_apply_each_migration_once()
    {
        ClickHouseClient client = NewClient();
        IReadOnlyList<Migration>[] applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunnerOf(client, s_first, s_second).RunAsync(Token)));
        Assert.Equal(2, applied.Sum(a => a.Count));
        ClickHouseResult result = await client.QueryAsync("SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE '%lock%'", null, Token);
        Assert.Empty(result.Rows);
    }

    [Fact]
    public async Task An_applied_file_that_changed_stops_the_run()
    {
        ClickHouseClient client = NewClient();
        await RunnerOf(client, s_first).RunAsync(Token);
        var changed = Migration.Parse("0001_first.sql", "CREATE TABLE IF NOT EXISTS c (n UInt8) ENGINE = MergeTree ORDER BY n");
        var e = await Assert.ThrowsAsync<MigrationException>(() => RunnerOf(client, changed).RunAsync(Token));
        Assert.Contains("0001_first", e.Message, StringComparison.Ordinal);
        Assert.Contains("must not be changed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_statement_is_named_its_file_is_not_noted_and_the_lock_is_free()
    {
        ClickHouseClient client = NewClient();
        var broken = Migration.Parse("0002_broken.sql", "SELECT 1; SELECT nothing_such");
        var e = await Assert.ThrowsAsync<MigrationException>(() => RunnerOf(client, s_first, broken).RunAsync(Token));
        Assert.Contains("Statement 2 of migration 0002_broken", e.Message, StringComparison.Ordinal);
        Assert.Equal([s_second], await RunnerOf(client, s_first, s_second).RunAsync(Token));
    }

    [Fact]
    public async Task The_embedded_schema_applies_and_applies_again()
    {
        ClickHouseClient client = NewClient();
        IReadOnlyList<Migration> all = ClickHouse.Migrations.Migrations.LoadEmbedded();
        Assert.NotEmpty(all);
        Assert.Equal(all, await RunnerOf(client, [.. all]).RunAsync(Token));
        // As after a crash before the note was written: every statement must bear to be run twice.
        await client.ExecuteAsync("TRUNCATE TABLE schema_migrations", null, Token);
        Assert.Equal(all, await RunnerOf(client, [.. all]).RunAsync(Token));
    }

    [Theory]
    [InlineData("1_x.sql", "SELECT 1")]
    [InlineData("0001_X.sql", "SELECT 1")]
    [InlineData("0001_x.sql", "-- nothing ;")]
    public void A_misnamed_or_empty_file_is_refused(string name, string sql) => Assert.Throws<FormatException>(() => Migration.Parse(name, sql));

    [Fact]
    public void Line_ends_do_not_change_the_checksum() =>
        Assert.Equal(Migration.Parse("0001_x.sql", "SELECT\n1").Checksum, Migration.Parse("0001_x.sql", "SELECT\r\n1").Checksum);

    private ClickHouseClient NewClient() => engine.Client("m" + Guid.NewGuid().ToString("N"));

    private static MigrationRunner RunnerOf(ClickHouseClient client, params Migration[] migrations) =>
        new(client, migrations, NullLogger<MigrationRunner>.Instance, TimeProvider.System);
}
