using Telemetry.Query.Ask;
using Telemetry.Query.Page;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>How the pipeline itself is: how far behind, what it writes, what it could not read or price, what it owes.</summary>
internal static class PipelineQuestion
{
    private static readonly Column[] s_lag =
    [
        Column.Integer("partition", "Partition of the span log"), Column.Time("written_up_to", "Everything that was there at this time is written"),
        Column.Number("seconds_behind", "How far that is behind the clock", nullable: false), Column.Text("processor", "Who reported last"), Column.Time("reported_at", "When"),
    ];

    private static readonly Column[] s_written =
    [
        Column.Integer("batches", "Batches in the range"), Column.Integer("records", "Span log records"), Column.Integer("calls", "Rows for llm_calls"),
        Column.Integer("spans", "Rows for llm_spans"), Column.Time("last_at", "When the last one was noted", nullable: true),
    ];

    private static readonly Column[] s_freshness =
    [
        Column.Number("seconds_p50", "Half of the calls were written within so many seconds after their start"), Column.Number("seconds_p99", "99 % of them were"),
        Column.Integer("late", "Calls that came more than an hour after their start"), Column.Integer("taken_back", "Calls that were taken back, because another span tells more"),
        Column.Integer("priced_anew", "Calls that were priced anew"),
    ];

    private static readonly Column[] s_trouble =
    [
        Column.Integer("dead_letters", "Records in the range that could not be decoded"), Column.Integer("dead_letters_not_replayed", "Those of them that nobody has sent again with success"),
        Column.Integer("unpriced_calls", "Calls in the range without a known price"), Column.Integer("calls_without_usage", "Calls in the range whose tokens nobody reported"),
        Column.Integer("notifications_owed", "Notifications that have not arrived yet"), Column.Integer("counted_twice", "Calls of the range that stand more than once; anything but 0 is an error of ours"),
    ];

    /// <summary>What a list of dead letters can be sorted by.</summary>
    public static readonly IReadOnlyList<Sort> DeadLetterSorts = [new("time", "toUnixTimestamp64Milli(r.at)", "Int64", Nullable: false)];

    /// <summary>What tells dead letters of the same moment apart.</summary>
    public static readonly IReadOnlyList<string> DeadLetterIds = ["id"];

    /// <summary>What is told of a dead letter.</summary>
    public static readonly IReadOnlyList<Column> DeadLetterColumns =
    [
        Column.Text("id", "Its place in the dead-letter log; telemetry dead-letters takes it"), Column.Time("at", "When it was put aside"), Column.Text("topic", "Topic that it was read from"),
        Column.Integer("partition", "Partition"), Column.Integer("offset", "Offset"), Column.Text("reason", "Why it could not be decoded"), Column.Integer("bytes", "Its length"),
        Column.Flag("replayed", "Whether somebody has sent it again with success"),
    ];

    /// <summary>The statements, by the names of their parts in the answer.</summary>
    public static IReadOnlyList<Statement> Ask(TimeRange range) => [Lag(), Written(range), Freshness(range), Trouble(range)];

    /// <summary>Lag of each partition.</summary>
    public static Statement Lag() => new(
        "lag",
        """
        SELECT
            toInt64(r.partition) AS partition, max(r.passed_at) AS written_up_to, greatest(0, toFloat64(now64(3)) - toFloat64(written_up_to)) AS seconds_behind,
            argMax(r.processor, r.at) AS processor, max(r.at) AS reported_at
        FROM span_log_progress AS r
        WHERE r.topic = 'llm.spans' AND r.at >= now() - INTERVAL 1 DAY
        GROUP BY partition
        ORDER BY seconds_behind DESC, partition
        LIMIT 1000
        """,
        new Dictionary<string, object?>(), s_lag);

    /// <summary>One page of dead letters.</summary>
    public static Statement DeadLetters(TimeRange range, PageRequest page)
    {
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal) { ["from"] = range.From, ["to"] = range.To };
        string sql = $$"""
            SELECT
                r.id AS id, r.at AS at, r.topic AS topic, toInt64(r.partition) AS partition, r.offset AS offset, r.reason AS reason, length(r.record) AS bytes,
                (r.log_partition, r.log_offset) IN (SELECT log_partition, log_offset FROM dead_letter_replays WHERE accepted) AS replayed,
                {{page.Sort.Expression}} AS {{Sort.Key}}
            FROM (SELECT *, concat(toString(log_partition), '/', toString(log_offset)) AS id FROM dead_letters_now) AS r
            WHERE r.at >= {from:DateTime64(3, 'UTC')} AND r.at < {to:DateTime64(3, 'UTC')}{{page.Where(["r.id"], parameters)}}
            {{page.OrderBy(["r.id"])}}
            LIMIT {{page.Limit + 1}}
            """;
        return new Statement("data", sql, parameters, DeadLetterColumns) { Limit = page.Limit };
    }

    private static Statement Written(TimeRange range) => new(
        "written",
        """
        SELECT
            count() AS batches, sum(toInt64(r.records)) AS records, sum(toInt64(r.calls)) AS calls, sum(toInt64(r.spans)) AS spans, nullIf(max(r.at), toDateTime64(0, 3, 'UTC')) AS last_at
        FROM span_log_batches AS r
        WHERE r.at >= {from:DateTime64(3, 'UTC')} AND r.at < {to:DateTime64(3, 'UTC')}
        """,
        Moments(range), s_written);

    private static Statement Freshness(TimeRange range) => new(
        "freshness",
        """
        WITH quantilesIf(0.5, 0.99)(toFloat64(r.ingested_at) - toFloat64(r.ts), r.sign > 0 AND r.revision = 0) AS q
        SELECT
            if(isNaN(q[1]), NULL, q[1]) AS seconds_p50, if(isNaN(q[2]), NULL, q[2]) AS seconds_p99,
            countIf(r.sign > 0 AND r.revision = 0 AND r.ingested_at > r.ts + INTERVAL 1 HOUR) AS late,
            countIf(r.sign < 0 AND r.revision = 0) AS taken_back, countIf(r.sign > 0 AND r.revision > 0) AS priced_anew
        FROM llm_calls AS r
        WHERE r.ingested_at >= {from:DateTime64(3, 'UTC')} AND r.ingested_at < {to:DateTime64(3, 'UTC')}
        """,
        Moments(range), s_freshness);

    private static Statement Trouble(TimeRange range)
    {
        var parameters = new Dictionary<string, object?>(Moments(range), StringComparer.Ordinal);
        string calls = RollupSegments.Of(range).Where("r", "part", parameters);
        string sql = $$"""
            SELECT
                (SELECT count() FROM dead_letters_now WHERE at >= {from:DateTime64(3, 'UTC')} AND at < {to:DateTime64(3, 'UTC')}) AS dead_letters,
                (SELECT count() FROM dead_letters_now WHERE at >= {from:DateTime64(3, 'UTC')} AND at < {to:DateTime64(3, 'UTC')}
                    AND (log_partition, log_offset) NOT IN (SELECT log_partition, log_offset FROM dead_letter_replays WHERE accepted)) AS dead_letters_not_replayed,
                (SELECT sum(r.calls_unpriced) FROM llm_rollups AS r WHERE {{calls}}) AS unpriced_calls,
                (SELECT sum(r.calls_without_usage) FROM llm_rollups AS r WHERE {{calls}}) AS calls_without_usage,
                (SELECT count() FROM alert_notifications_owed) AS notifications_owed,
                (SELECT count() FROM (SELECT trace_id, span_id FROM llm_calls WHERE ingested_at >= {from:DateTime64(3, 'UTC')} AND ingested_at < {to:DateTime64(3, 'UTC')}
                    GROUP BY trace_id, span_id HAVING sum(sign) > 1)) AS counted_twice
            """;
        return new Statement("trouble", sql, parameters, s_trouble);
    }

    private static Dictionary<string, object?> Moments(TimeRange range) => new(StringComparer.Ordinal) { ["from"] = range.From, ["to"] = range.To };
}
