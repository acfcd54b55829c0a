using Telemetry.ClickHouse.Client;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Write;

/// <summary>
/// Notes of batch ranges in <c>span_log_batches</c> and claims in <c>span_log_claims</c>. A range is noted before its rows are inserted; after a crash the last
/// noted range is replayed exactly, so that its rows carry the same deduplication token and ClickHouse drops what it has already.
/// </summary>
/// <remarks>
/// Two Processors may hold one Kafka partition for a moment: the older one does not know yet that it lost it. Each notes and then looks for a later claim, or
/// claims and then looks for notes; so either the older one sees the claim and inserts nothing, or the newer one sees the note and replays it under the same
/// token. This needs a ClickHouse that shows what it acknowledged: one server, or replicas with <c>insert_quorum</c> and
/// <c>select_sequential_consistency</c>.
/// </remarks>
internal sealed class BatchNotes(ClickHouseClient client, string instance)
{
    /// <summary>Claims a partition; when it returns the claim is durable, and later than all others that were durable before.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<LaneClaim> ClaimAsync(ISpanLogLane lane, CancellationToken cancellation)
    {
        if (lane.IsExclusive)
        {
            return LaneClaim.Exclusive;
        }

        ClickHouseResult result = await client.QueryAsync(
            $"SELECT max(epoch) AS latest FROM (SELECT epoch FROM span_log_claims WHERE {OfLane} UNION ALL SELECT epoch FROM span_log_batches WHERE {OfLane})",
            Parameters(lane),
            cancellation);
        var claim = new LaneClaim(result.Rows[0].GetUInt64("latest") + 1, Guid.NewGuid().ToString("N"));
        await client.ExecuteAsync(
            """
            INSERT INTO span_log_claims (topic, partition, log_id, epoch, owner, processor)
            SELECT {topic:String}, {partition:Int32}, {log:String}, {epoch:UInt64}, {owner:String}, {instance:String}
            """,
            Parameters(lane, ("epoch", claim.Epoch), ("owner", claim.Owner), ("instance", instance)),
            cancellation);
        return claim;
    }

    /// <summary>Notes a range; when it returns the note is durable, and no later claim was there before it.</summary>
    /// <exception cref="ClickHouseException">ClickHouse does not take it.</exception>
    /// <exception cref="LaneOvertakenException">Another Processor has claimed the partition; the range must not be inserted.</exception>
    public async Task NoteAsync(ISpanLogLane lane, LaneClaim claim, NotedRange range, int records, int calls, int spans, CancellationToken cancellation)
    {
        await client.ExecuteAsync(
            """
            INSERT INTO span_log_batches (topic, partition, log_id, first_offset, next_offset, records, calls, spans, decisions, epoch, owner, processor)
            SELECT {topic:String}, {partition:Int32}, {log:String}, {first:Int64}, {next:Int64}, {records:UInt32}, {calls:UInt32}, {spans:UInt32}, {decisions:String},
                {epoch:UInt64}, {owner:String}, {instance:String}
            """,
            Parameters(
                lane, ("first", range.First), ("next", range.Next), ("records", records), ("calls", calls), ("spans", spans), ("decisions", range.Decisions),
                ("epoch", claim.Epoch), ("owner", claim.Owner), ("instance", instance)),
            cancellation);
        if (!lane.IsExclusive)
        {
            await CheckAsync(lane, claim, cancellation);
        }
    }

    /// <summary>The ranges noted behind an offset, in order; what a lane must replay before it reads on.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<NotedRange>> NotedFromAsync(ISpanLogLane lane, long start, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            $$"""
            SELECT first_offset, next_offset, decisions, epoch, owner FROM span_log_batches
            WHERE {{OfLane}} AND next_offset > {start:Int64}
            ORDER BY epoch DESC, owner DESC, first_offset, at LIMIT 1 BY first_offset, next_offset, epoch, owner
            """,
            Parameters(lane, ("start", start)),
            cancellation);

        // A note that overlaps one of a later claim is of a Processor that was overtaken, and was never inserted.
        var ranges = new List<NotedRange>();
        foreach (ClickHouseRow row in result.Rows)
        {
            var range = new NotedRange(row.GetInt64("first_offset"), row.GetInt64("next_offset"), row.GetString("decisions"));
            if (!ranges.Exists(later => later.First < range.Next && range.First < later.Next))
            {
                ranges.Add(range);
            }
        }

        ranges.Sort((a, b) => a.First.CompareTo(b.First));
        return ranges;
    }

    private const string OfLane = "topic = {topic:String} AND partition = {partition:Int32} AND log_id = {log:String}";

    private async Task CheckAsync(ISpanLogLane lane, LaneClaim claim, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(
            $$"""
            SELECT processor, toString(at) AS since FROM span_log_claims WHERE {{OfLane}} AND (epoch, owner) > ({epoch:UInt64}, {owner:String})
            ORDER BY epoch DESC, owner DESC LIMIT 1
            """,
            Parameters(lane, ("epoch", claim.Epoch), ("owner", claim.Owner)),
            cancellation);
        if (result.Rows.Count > 0)
        {
            throw new LaneOvertakenException($"{result.Rows[0].GetString("processor")} claimed {lane.Topic}/{lane.Partition} at {result.Rows[0].GetString("since")}");
        }
    }

    private static Dictionary<string, object?> Parameters(ISpanLogLane lane, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        var parameters = new Dictionary<string, object?> { ["topic"] = lane.Topic, ["partition"] = lane.Partition, ["log"] = lane.LogId };
        foreach ((string name, object? value) in more)
        {
            parameters[name] = value;
        }

        return parameters;
    }
}
