using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Evaluate;

/// <summary>
/// Up to when everything that came in is in the tables, by what the Processors report in <c>span_log_progress</c>. Not the detection's <c>ProgressReader</c>: rules
/// are about calls, so the topic of the spans counts alone, they are also asked of the past, and a partition nobody has reported yet must not silence every rule, while
/// the detection would rather wait than learn from an incomplete minute.
/// </summary>
internal sealed class WatermarkReader(ClickHouseClient client)
{
    /// <summary>The topic of the spans.</summary>
    public const string Topic = "llm.spans";

    /// <summary>The slowest of the partitions that the topic has by its latest report; one that never reported stands where the first report was.</summary>
    public const string Sql =
        """
        SELECT if(reported < partitions, least(passed_by_all, first_report), passed_by_all) AS passed, reported
        FROM
        (
            SELECT min(passed) AS passed_by_all, min(first_at) AS first_report, toInt64(count()) AS reported, toInt64(any(of_topic)) AS partitions
            FROM
            (
                SELECT partition, max(p.passed_at) AS passed, min(p.at) AS first_at,
                    (SELECT argMax(partitions, at) FROM span_log_progress WHERE topic = {topic:String} AND at <= toDateTime({to:UInt32}) + 1) AS of_topic
                FROM span_log_progress AS p
                WHERE topic = {topic:String} AND p.at <= toDateTime({to:UInt32}) + 1
                GROUP BY partition
                HAVING partition < of_topic
            )
        )
        """;

    /// <summary>The watermark; null when nobody reports.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<DateTimeOffset?> ReadAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            $"SELECT passed, reported FROM ({Sql}) WHERE reported > 0",
            new Dictionary<string, object?> { ["topic"] = Topic, ["to"] = (uint)now.ToUnixTimeSeconds() },
            cancellation);
        return result.Rows.Count == 0 ? null : result.Rows[0].GetDateTime("passed");
    }
}
