using Telemetry.ClickHouse.Client;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Write;

/// <summary>The offset range of one batch.</summary>
/// <param name="First">Offset of its first record.</param>
/// <param name="Next">Offset behind its last record.</param>
/// <param name="Decisions">What the batch decided; see <see cref="Attribution.BatchDecisions"/>.</param>
internal readonly record struct NotedRange(long First, long Next, string Decisions = "");

/// <summary>
/// Notes of batch ranges in <c>span_log_batches</c>. A range is noted before its rows are inserted; after a crash the last noted range is replayed exactly,
/// so that its rows carry the same deduplication token and ClickHouse drops what it has already.
/// </summary>
internal sealed class BatchNotes(ClickHouseClient client, string instance)
{
    /// <summary>Notes a range; when it returns the note is durable.</summary>
    public Task NoteAsync(ISpanLogLane lane, NotedRange range, int records, int calls, int spans, CancellationToken cancellation) => client.ExecuteAsync(
        """
        INSERT INTO span_log_batches (topic, partition, log_id, first_offset, next_offset, records, calls, spans, decisions, processor)
        SELECT {topic:String}, {partition:Int32}, {log:String}, {first:Int64}, {next:Int64}, {records:UInt32}, {calls:UInt32}, {spans:UInt32}, {decisions:String}, {instance:String}
        """,
        new Dictionary<string, object?>
        {
            ["topic"] = lane.Topic,
            ["partition"] = lane.Partition,
            ["log"] = lane.LogId,
            ["first"] = range.First,
            ["next"] = range.Next,
            ["records"] = records,
            ["calls"] = calls,
            ["spans"] = spans,
            ["decisions"] = range.Decisions,
            ["instance"] = instance,
        },
        cancellation);

    /// <summary>The ranges noted at or behind an offset, in order; what a lane must replay before it reads on.</summary>
    public async Task<IReadOnlyList<NotedRange>> NotedFromAsync(ISpanLogLane lane, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            """
            SELECT first_offset, next_offset, any(decisions) AS decided FROM span_log_batches
            WHERE topic = {topic:String} AND partition = {partition:Int32} AND log_id = {log:String} AND next_offset > {start:Int64}
            GROUP BY first_offset, next_offset ORDER BY first_offset
            """,
            new Dictionary<string, object?> { ["topic"] = lane.Topic, ["partition"] = lane.Partition, ["log"] = lane.LogId, ["start"] = lane.StartOffset },
            cancellation);
        return [.. result.Rows.Select(r => new NotedRange(r.GetInt64("first_offset"), r.GetInt64("next_offset"), r.GetString("decided")))];
    }
}
