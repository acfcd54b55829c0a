using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Client;

namespace Telemetry.ClickHouse.Migrations;

/// <summary>
/// Brings the database to the schema: creates it, applies the migrations that <c>schema_migrations</c> does not name, in order, and notes each
/// when all its statements have run. A file that broke off half-way is run again from its beginning, so statements must bear that
/// (<c>IF NOT EXISTS</c>). Safe to run twice and from several processes at once.
/// </summary>
/// <param name="client">The server and the database.</param>
/// <param name="migrations">All migrations in order; see <see cref="Migrations"/>.</param>
/// <param name="logger">Where the progress goes.</param>
/// <param name="time">Clock for waiting.</param>
public sealed class MigrationRunner(ClickHouseClient client, IReadOnlyList<Migration> migrations, ILogger<MigrationRunner> logger, TimeProvider time)
{
    /// <summary>Applies what is missing.</summary>
    /// <returns>The migrations that this call applied.</returns>
    /// <exception cref="MigrationException">A migration that was applied has been changed since, or a statement was refused.</exception>
    /// <exception cref="ClickHouseException">The server cannot be reached or refuses the bookkeeping.</exception>
    public async Task<IReadOnlyList<Migration>> RunAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        if ((await PendingAsync(cancellationToken)).Count == 0)
        {
            logger.LogInformation("The ClickHouse schema is up to date ({Count} migrations)", migrations.Count);
            return [];
        }

        await using var migrationLock = new MigrationLock(client, time);
        await migrationLock.AcquireAsync(cancellationToken);
        // Asked again: another process may have applied them while this one waited.
        List<Migration> pending = await PendingAsync(cancellationToken);
        foreach (Migration migration in pending)
        {
            await ApplyAsync(migration, cancellationToken);
        }

        return pending;
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await client.WithDatabase("default").ExecuteAsync(
            $"CREATE DATABASE IF NOT EXISTS {Identifier.Quote(client.Options.Database)}", null, cancellationToken);
        await client.ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations
            (
                version UInt32,
                name String,
                checksum String,
                applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
            )
            ENGINE = ReplacingMergeTree ORDER BY version
            """,
            null,
            cancellationToken);
    }

    private async Task<List<Migration>> PendingAsync(CancellationToken cancellationToken)
    {
        ClickHouseResult result = await client.QueryAsync("SELECT version, name, checksum FROM schema_migrations FINAL", null, cancellationToken);
        Dictionary<long, string> applied = result.Rows.ToDictionary(r => r.GetInt64("version"), r => r.GetString("checksum"));
        foreach (Migration migration in migrations)
        {
            if (applied.TryGetValue(migration.Version, out string? checksum) && checksum != migration.Checksum)
            {
                throw new MigrationException(
                    $"Migration {migration} was applied to database '{client.Options.Database}' with checksum {checksum}, but the file now has {migration.Checksum}. "
                    + "An applied migration must not be changed; put the change into a new one.");
            }
        }

        return [.. migrations.Where(m => !applied.ContainsKey(m.Version))];
    }

    private async Task ApplyAsync(Migration migration, CancellationToken cancellationToken)
    {
        logger.LogInformation("Applying ClickHouse migration {Migration} ({Statements} statements)", migration, migration.Statements.Count);
        for (int i = 0; i < migration.Statements.Count; i++)
        {
            try
            {
                await client.ExecuteAsync(migration.Statements[i], null, cancellationToken);
            }
            catch (ClickHouseException e) when (!e.IsRetryable)
            {
                throw new MigrationException($"Statement {i + 1} of migration {migration} was refused: {e.Message}", e);
            }
        }

        await client.ExecuteAsync(
            "INSERT INTO schema_migrations (version, name, checksum) SELECT {version:UInt32}, {name:String}, {checksum:String}",
            new Dictionary<string, object?> { ["version"] = migration.Version, ["name"] = migration.Name, ["checksum"] = migration.Checksum },
            cancellationToken);
    }
}
