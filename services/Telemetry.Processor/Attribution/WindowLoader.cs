using System.Globalization;
using System.Text;
using Telemetry.ClickHouse.Client;
using Telemetry.Contracts.Spans;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Write;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Attribution;

/// <summary>
/// Fills a window from what is in ClickHouse when a partition is assigned, so that retries and wrappers are known across restarts and moves of a partition.
/// Rows of the ranges that are about to be replayed are left out: the replay brings them.
/// </summary>
internal sealed class WindowLoader(ClickHouseClient client, WindowOptions options, TimeProvider time)
{
    private const string Sql =
        """
        SELECT * FROM
        (
            SELECT trace_id, any(span_id) AS span, any(parent_span_id) AS parent, toUnixTimestamp64Nano(any(ts)) AS start,
                any(duration_ms) AS duration, any(role) AS role, any(response_id) AS response, any(instrumentation) AS scope,
                any(model_requested) AS requested, any(model_answered) AS answered, any(input_tokens) AS input, any(output_tokens) AS output,
                any(cached_tokens) AS cached, any(cache_write_tokens) AS written, any(reasoning_tokens) AS reasoning,
                any(status) = 'error' AS is_error, sum(sign) > 0 AS is_billed, max(log_offset) AS at
            FROM llm_calls
            WHERE log_partition = {partition:Int32} AND ingested_at >= {since:DateTime64(3)} AND NOT (log_offset >= {first:Int64} AND log_offset < {next:Int64})
            GROUP BY trace_id, span_id
            UNION ALL
            SELECT trace_id, span_id, parent_span_id, toUnixTimestamp64Nano(ts), duration_ms, role, '', instrumentation, model_requested, '',
                input_tokens, output_tokens, NULL, NULL, NULL, status = 'error', false, log_offset
            FROM llm_spans
            WHERE log_partition = {partition:Int32} AND ingested_at >= {since:DateTime64(3)} AND NOT (log_offset >= {first:Int64} AND log_offset < {next:Int64})
        )
        ORDER BY at DESC, is_billed DESC
        LIMIT {most:UInt32}
        """;

    /// <summary>Fills the window.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task LoadAsync(TraceWindow window, ISpanLogLane lane, NotedRange replayed, CancellationToken cancellation)
    {
        DateTimeOffset since = time.GetUtcNow() - options.RefillAge;
        ClickHouseResult result = await client.QueryAsync(
            Sql,
            new Dictionary<string, object?>
            {
                ["partition"] = lane.Partition,
                ["since"] = since,
                ["first"] = replayed.First,
                ["next"] = replayed.Next,
                ["most"] = options.MaxSpans,
            },
            cancellation);

        // A call that was taken back stands in both tables: the call comes first, the other row of the same span is skipped.
        foreach (ClickHouseRow row in result.Rows.Reverse())
        {
            SeenSpan seen = Read(row);
            int place = window.Find(seen.Trace, seen.Span);
            if (place < 0)
            {
                window.Add(seen);
            }
            else if (seen.Fate == SpanFate.Billed || window[place].Role == SpanRole.Other)
            {
                window[place].Role = seen.Role;
            }
        }

        window.CompleteSince = Math.Max(window.CompleteSince, (since - DateTimeOffset.UnixEpoch).Ticks * 100);
    }

    private static SeenSpan Read(ClickHouseRow row)
    {
        long start = row.GetInt64("start");
        string requested = row.GetString("requested");
        string answered = row.GetString("answered");
        string response = row.GetString("response");
        var usage = new TokenUsage { CacheRead = Count(row, "cached"), CacheWrite = Count(row, "written"), Reasoning = Count(row, "reasoning") };
        return new SeenSpan
        {
            Trace = UInt128.Parse(row.GetString("trace_id"), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            Span = ulong.Parse(row.GetString("span"), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            Parent = row.GetString("parent") is { Length: > 0 } parent ? ulong.Parse(parent, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 0,
            Start = start,
            End = start + (long)((row.IsNull("duration") ? 0 : row.GetDouble("duration")) * 1e6),
            Response = ModelStem.Hash(Encoding.UTF8.GetBytes(response)),
            Scope = ModelStem.Hash(Encoding.UTF8.GetBytes(row.GetString("scope"))),
            ModelRequested = ModelStem.Hash(requested),
            ModelAnswered = ModelStem.Hash(answered),
            Input = Count(row, "input") ?? -1,
            Output = Count(row, "output") ?? -1,
            Role = SpanRoles.Parse(row.GetString("role")),
            Fate = row.GetBoolean("is_billed") ? SpanFate.Billed : SpanFate.NotBilled,
            Detail = SeenSpans.Detail(usage, response.Length > 0, answered.Length > 0),
            IsError = row.GetBoolean("is_error"),
            BatchIndex = -1,
            Candidate = -1,
        };
    }

    private static long? Count(ClickHouseRow row, string column) => row.IsNull(column) ? null : (long)row.GetUInt64(column);
}
