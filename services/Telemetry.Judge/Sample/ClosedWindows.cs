using Telemetry.ClickHouse.Client;

namespace Telemetry.Judge.Sample;

/// <summary>Which minutes of arrival have been written to their end, by what the Processors report.</summary>
internal sealed class ClosedWindows(ClickHouseClient client, TimeSpan grace)
{
    /// <summary>Length of a window.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    // After so long a partition that does not get on holds nobody up any more: its calls arrive when they are written, and are sampled then.
    private static readonly TimeSpan s_stalled = TimeSpan.FromMinutes(2);

    private const string Sql =
        """
        SELECT count() AS partitions, min(passed) AS passed, now64(3, 'UTC') AS now
        FROM
        (
            SELECT topic, partition, max(passed_at) AS passed
            FROM span_log_progress AS p
            WHERE p.at > now64(3, 'UTC') - INTERVAL 1 HOUR AND topic IN ('llm.spans', 'llm.logs')
            GROUP BY topic, partition
        )
        """;

    /// <summary>End of the last closed window, by the clock of the database, which rows bear.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<DateTimeOffset> EndAsync(CancellationToken cancellation)
    {
        ClickHouseRow row = (await client.QueryAsync(Sql, null, cancellation)).Rows[0];
        DateTimeOffset now = row.GetDateTime("now");
        DateTimeOffset passed = row.GetInt64("partitions") == 0 || row.GetDateTime("passed") is var p && p < now - s_stalled ? now - s_stalled : p;
        return Floor((passed < now ? passed : now) - grace);
    }

    /// <summary>Start of the window that a moment lies in.</summary>
    public static DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Length.Ticks), TimeSpan.Zero);
}
