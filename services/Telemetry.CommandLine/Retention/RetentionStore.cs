using System.Globalization;
using Telemetry.ClickHouse.Client;

namespace Telemetry.CommandLine.Retention;

/// <summary>Reads and sets the retention of tables.</summary>
internal sealed class RetentionStore(ClickHouseClient client, TimeProvider time)
{
    // A table of some minutes says little about a day.
    private static readonly TimeSpan s_shortestAge = TimeSpan.FromHours(1);

    /// <summary>All tables.</summary>
    /// <exception cref="ClickHouseException">ClickHouse refused, or cannot be reached.</exception>
    public async Task<RetentionReport> ReadAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        var tables = new List<TableRetention>();
        foreach (RetainedTable table in RetainedTable.All)
        {
            if (await ReadAsync(table, cancellation) is { } retention)
            {
                tables.Add(retention);
            }
        }

        // Where the tables are unless somebody moved them to a storage policy of their own.
        ClickHouseResult disk = await client.QueryAsync("SELECT min(unreserved_space) AS free FROM system.disks WHERE name = 'default'", null, cancellation);
        return RetentionReport.Of(tables, (long)disk.Rows[0].GetUInt64("free"), now);
    }

    /// <summary>One table; null when the database does not have it.</summary>
    /// <exception cref="ClickHouseException">ClickHouse refused, or cannot be reached.</exception>
    public async Task<TableRetention?> ReadAsync(RetainedTable table, CancellationToken cancellation)
    {
        ClickHouseResult definition = await client.QueryAsync(
            """
            SELECT extract(engine_full, 'TTL .*toIntervalDay\\((\\d+)\\)') AS days, position(engine_full, 'ttl_only_drop_parts = 1') > 0 AS whole, ifNull(total_bytes, 0) AS bytes
            FROM system.tables WHERE database = currentDatabase() AND name = {table:String}
            """,
            new Dictionary<string, object?> { ["table"] = table.Name }, cancellation);
        if (definition.Rows.Count == 0)
        {
            return null;
        }

        DateTimeOffset now = time.GetUtcNow();
        ClickHouseResult content = await client.QueryAsync(
            $$"""
            SELECT count() AS rows, toDateTime64(min({{table.Column}}), 3, 'UTC') AS oldest, toDateTime64(max({{table.Column}}), 3, 'UTC') AS newest, countIf({{table.Column}} >= {since:DateTime64(3)}) AS last_day
            FROM {{table.Name}}
            """,
            new Dictionary<string, object?> { ["since"] = now.AddDays(-1) }, cancellation);
        return Make(table, definition.Rows[0], content.Rows[0], now);
    }

    /// <summary>How many rows are older than that many days.</summary>
    /// <exception cref="ClickHouseException">ClickHouse refused, or cannot be reached.</exception>
    public async Task<long> CountOlderAsync(RetainedTable table, int days, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            $"SELECT countIf({table.Column} < {{before:DateTime64(3)}}) AS rows FROM {table.Name}",
            new Dictionary<string, object?> { ["before"] = time.GetUtcNow().AddDays(-days) }, cancellation);
        return (long)result.Rows[0].GetUInt64("rows");
    }

    /// <summary>Sets the retention; null keeps rows for ever.</summary>
    /// <exception cref="ClickHouseException">ClickHouse refused, or cannot be reached.</exception>
    public Task SetAsync(RetainedTable table, int? days, CancellationToken cancellation) => client.ExecuteAsync(Statement(table, days), null, cancellation);

    /// <summary>The statement that sets it.</summary>
    public static string Statement(RetainedTable table, int? days) => days is { } count
        ? string.Create(CultureInfo.InvariantCulture, $"ALTER TABLE {table.Name} MODIFY TTL {table.Expires} + INTERVAL {count} DAY")
        : $"ALTER TABLE {table.Name} REMOVE TTL";

    private static TableRetention Make(RetainedTable table, ClickHouseRow definition, ClickHouseRow content, DateTimeOffset now)
    {
        long rows = (long)content.GetUInt64("rows");
        long bytes = (long)definition.GetUInt64("bytes");
        DateTimeOffset? oldest = rows == 0 ? null : content.GetDateTime("oldest");
        TimeSpan age = now - (oldest ?? now);
        double daily = age >= TimeSpan.FromDays(1)
            ? content.GetUInt64("last_day")
            : rows / (age > s_shortestAge ? age : s_shortestAge).TotalDays;
        string days = definition.GetString("days");
        return new TableRetention(
            table.Name, days.Length == 0 ? null : int.Parse(days, CultureInfo.InvariantCulture), definition.GetUInt64("whole") > 0, rows, bytes, oldest,
            rows == 0 ? null : content.GetDateTime("newest"), Math.Round(daily, 1), rows == 0 ? 0 : Math.Round(daily * bytes / rows));
    }
}
