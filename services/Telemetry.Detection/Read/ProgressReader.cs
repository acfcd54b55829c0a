using System.Globalization;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Detection.Read;

/// <summary>
/// Reads how far the Processors have got, from what they report in <c>span_log_progress</c>. Stricter than Alerting's <c>WatermarkReader</c>: of spans and log records,
/// and not known at all while a partition has not been reported, since an incomplete minute that is learned stays wrong.
/// </summary>
internal sealed class ProgressReader(ClickHouseClient client)
{
    // What was passed once stays passed, whoever reported it; so the greatest counts. How many partitions a topic has is told by its latest report.
    private const string Sql =
        """
        SELECT topic, partition, max(passed_at) AS passed, max(p.at) AS reported, argMax(p.partitions, p.at) AS expected
        FROM span_log_progress AS p
        WHERE p.at > {now:DateTime64(3)} - INTERVAL 1 DAY AND topic IN ('llm.spans', 'llm.logs')
        GROUP BY topic, partition
        ORDER BY passed
        """;

    /// <summary>The watermark now.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<Watermark> ReadAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(Sql, new Dictionary<string, object?> { ["now"] = now }, cancellation);
        ILookup<string, ClickHouseRow> topics = result.Rows.ToLookup(r => r.GetString("topic"));
        if (topics.Count == 0)
        {
            return new Watermark(null, "no Processor has reported");
        }

        var lowest = new Watermark(DateTimeOffset.MaxValue, "");
        foreach (IGrouping<string, ClickHouseRow> topic in topics)
        {
            long expected = topic.MaxBy(r => r.GetDateTime("reported"))!.GetInt64("expected");
            List<ClickHouseRow> known = [.. topic.Where(r => r.GetInt64("partition") < expected)];
            if (known.Count < expected)
            {
                long missing = Enumerable.Range(0, (int)expected).Select(p => (long)p).First(p => known.TrueForAll(r => r.GetInt64("partition") != p));
                return new Watermark(null, string.Create(CultureInfo.InvariantCulture, $"nobody has reported {topic.Key}/{missing}"));
            }

            ClickHouseRow slowest = known[0];
            if (slowest.GetDateTime("passed") is var passed && passed < lowest.PassedAt)
            {
                lowest = new Watermark(passed, string.Create(CultureInfo.InvariantCulture, $"{topic.Key}/{slowest.GetInt64("partition")}"));
            }
        }

        return lowest;
    }
}
