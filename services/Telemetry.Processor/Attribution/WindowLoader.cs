using System.Globalization;
using System.Text;
using Telemetry.ClickHouse.Client;
using Telemetry.Contracts.Spans;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize;
using Telemetry.Processor.Write;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Attribution;

/// <summary>
/// Brings spans back into a window from ClickHouse: the last ones of a partition when it is assigned, so that retries and wrappers are known across restarts and
/// moves of a partition; and the traces of spans that are older than what is remembered, so that a retry is known however late it comes.
/// </summary>
internal sealed class WindowLoader(ClickHouseClient client, WindowOptions options, TimeProvider time)
{
    /// <summary>Late traces that are asked for with one batch; a sender with a wrong clock must not stop the lane.</summary>
    internal const int MostLateTraces = 1000;

    private const int TracesInOneQuery = 200;
    private const long NanosecondsPerTick = 100;

    private const string OfPartition =
        "log_partition = {partition:Int32} AND ingested_at >= {since:DateTime64(3)} AND NOT (log_offset >= {first:Int64} AND log_offset < {next:Int64})";

    private const string OfTraces = "trace_id IN {traces:Array(String)}";

    // How far back is asked; further only when what was found does not fill the window.
    private static readonly TimeSpan[] Ages = [TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromDays(1)];

    /// <summary>Fills the window of a partition. Rows of the ranges that are about to be replayed are left out: the replay brings them.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task LoadAsync(TraceWindow window, ISpanLogLane lane, NotedRange replayed, CancellationToken cancellation)
    {
        foreach (TimeSpan age in Ages)
        {
            TimeSpan asked = age < options.RefillAge ? age : options.RefillAge;
            DateTimeOffset since = time.GetUtcNow() - asked;
            ClickHouseResult result = await client.QueryAsync(
                Sql(OfPartition),
                new Dictionary<string, object?>
                {
                    ["partition"] = lane.Partition,
                    ["since"] = since,
                    ["first"] = replayed.First,
                    ["next"] = replayed.Next,
                    ["spans"] = Array.Empty<string>(),
                    ["most"] = options.MaxSpans,
                },
                cancellation);
            bool isFull = result.Rows.Count >= options.MaxSpans;
            if (isFull || asked == options.RefillAge || age == Ages[^1])
            {
                Add(window, result);
                long complete = isFull ? Read(result.Rows[^1]).End : (since - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
                window.CompleteSince = Math.Max(window.CompleteSince, complete);
                return;
            }
        }
    }

    /// <summary>Brings back what is stored of traces; gives how many were asked for.</summary>
    /// <param name="window">The window.</param>
    /// <param name="late">The late spans' ids by trace id, in lower-case hex; more than <see cref="MostLateTraces"/> traces are not asked for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<int> LoadTracesAsync(TraceWindow window, IReadOnlyDictionary<string, List<string>> late, CancellationToken cancellation)
    {
        foreach (KeyValuePair<string, List<string>>[] chunk in late.Take(MostLateTraces).Chunk(TracesInOneQuery))
        {
            var parameters = new Dictionary<string, object?>
            {
                ["traces"] = chunk.Select(c => c.Key).ToArray(),
                ["spans"] = chunk.SelectMany(c => c.Value).Take(MostLateTraces).ToArray(),
                ["most"] = options.MaxSpans / 4,
            };
            Add(window, await client.QueryAsync(Sql(OfTraces), parameters, cancellation));
        }

        return Math.Min(late.Count, MostLateTraces);
    }

    private static string Sql(string condition) =>
        $$"""
        SELECT * FROM
        (
            SELECT trace_id, tenant, span_id AS span, any(parent_span_id) AS parent, toUnixTimestamp64Nano(any(ts)) AS start,
                any(duration_ms) AS duration, any(role) AS role, any(response_id) AS response, any(instrumentation) AS scope,
                any(model_requested) AS requested, any(model_answered) AS answered, any(input_tokens) AS input, any(output_tokens) AS output,
                any(cached_tokens) AS cached, any(cache_write_tokens) AS written, any(reasoning_tokens) AS reasoning,
                any(status) = 'error' AS is_error, sum(sign) > 0 AS is_billed, max(log_offset) AS at
            FROM llm_calls
            WHERE {{condition}}
            GROUP BY trace_id, tenant, span_id
            UNION ALL
            SELECT trace_id, tenant, span_id, parent_span_id, toUnixTimestamp64Nano(ts), duration_ms, role, response_id, instrumentation, model_requested, model_answered,
                input_tokens, output_tokens, NULL, NULL, NULL, status = 'error', false, log_offset
            FROM llm_spans
            WHERE {{condition}}
        )
        ORDER BY has({spans:Array(String)}, span) DESC, at DESC, is_billed DESC
        LIMIT {most:UInt32}
        """;

    // A call that was taken back stands in both tables: the row that comes later is skipped, but for what the span is by itself.
    private static void Add(TraceWindow window, ClickHouseResult result)
    {
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
            Trace = new TenantTrace(UInt128.Parse(row.GetString("trace_id"), NumberStyles.HexNumber, CultureInfo.InvariantCulture), Tenants.Hash(row.GetString("tenant"))),
            Span = ulong.Parse(row.GetString("span"), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            Parent = row.GetString("parent") is { Length: > 0 } parent ? ulong.Parse(parent, NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 0,
            Start = start,
            End = start + (long)((row.IsNull("duration") ? 0 : row.GetDouble("duration")) * 1e6),
            Response = SeenSpans.Hash(Encoding.UTF8.GetBytes(response)),
            Scope = SeenSpans.Hash(Encoding.UTF8.GetBytes(row.GetString("scope"))),
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
