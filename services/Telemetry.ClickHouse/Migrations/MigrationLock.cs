using System.Globalization;
using Telemetry.ClickHouse.Client;

namespace Telemetry.ClickHouse.Migrations;

/// <summary>
/// A lock between processes that migrate one server at the same time. ClickHouse has no locks, but creating a table is atomic: of several who
/// create the same table one succeeds. A holder that died leaves the table behind; after <see cref="StaleAfter"/> on the server's clock it is
/// taken away. The lock spares the waiting process needless errors; safety does not hang on it, for every statement can be run twice.
/// </summary>
internal sealed class MigrationLock(ClickHouseClient client, TimeProvider time) : IAsyncDisposable
{
    internal static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(2);
    private const string Table = "schema_migrations_lock";
    private const int TableExists = 57;
    private const int TableUnknown = 60;
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(200);

    internal async Task AcquireAsync(CancellationToken cancellationToken)
    {
        while (!await TryCreateAsync(cancellationToken))
        {
            await RemoveStaleAsync(cancellationToken);
            await Task.Delay(s_retry, time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await client.ExecuteAsync($"DROP TABLE IF EXISTS {Table} SYNC", null, CancellationToken.None);

    private async Task<bool> TryCreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            // An engine that keeps its definition over a restart, so that the age of a lock left behind is known then, too.
            await client.ExecuteAsync($"CREATE TABLE {Table} (held UInt8) ENGINE = MergeTree ORDER BY held", null, cancellationToken);
            return true;
        }
        catch (ClickHouseException e) when (e.Code == TableExists)
        {
            return false;
        }
    }

    private async Task RemoveStaleAsync(CancellationToken cancellationToken)
    {
        ClickHouseResult result = await client.QueryAsync(
            "SELECT toString(uuid) AS id, dateDiff('second', metadata_modification_time, now()) AS age FROM system.tables WHERE database = currentDatabase() AND name = {name:String}",
            new Dictionary<string, object?> { ["name"] = Table },
            cancellationToken);
        if (result.Rows.Count == 0 || result.Rows[0].GetInt64("age") < StaleAfter.TotalSeconds)
        {
            return;
        }

        // Renaming is atomic as well: of several who find the same stale lock one takes it away, and none takes a new one away twice.
        string aside = string.Create(CultureInfo.InvariantCulture, $"{Table}_{Guid.NewGuid():N}");
        try
        {
            await client.ExecuteAsync($"RENAME TABLE {Table} TO {aside}", null, cancellationToken);
            await client.ExecuteAsync($"DROP TABLE IF EXISTS {aside} SYNC", null, cancellationToken);
        }
        catch (ClickHouseException e) when (e.Code == TableUnknown)
        {
            // Someone else was quicker.
        }
    }
}
