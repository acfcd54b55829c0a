using Telemetry.ClickHouse.Client;
using Telemetry.Detection.Model;

namespace Telemetry.Detection.Read;

/// <summary>Reads the minutes of keys from <c>llm_rollup_1m</c>, exactly as it aggregates them over all partitions.</summary>
internal sealed class MinuteReader(ClickHouseClient client)
{
    private const long SecondsAMinute = 60;

    private static readonly string s_minutes = string.Join("\nUNION ALL\n", Scope.All.Select(OfScope));

    private static readonly string s_hours =
        $"""
        SELECT m.id AS id, intDiv(m.minute, 60) AS hour, sum(m.calls) / 60 AS request_rate,
            quantileExactIf(0.5)(toFloat64(m.cached_tokens) / m.input_tokens, m.input_tokens > 0) AS cache_hit_rate,
            quantileExactIf(0.5)(m.ttft[1], isFinite(m.ttft[1])) AS ttft_p50,
            quantileExactIf(0.5)(m.ttft[3], isFinite(m.ttft[3]) AND m.with_ttft >= 8) AS ttft_p95,
            quantileExactIf(0.5)(m.latency[1], isFinite(m.latency[1])) AS latency_p50,
            quantileExactIf(0.5)(m.latency[3], isFinite(m.latency[3]) AND m.calls - m.errors >= 8) AS latency_p95,
            quantileExactIf(0.5)(m.speed, isFinite(m.speed)) AS tokens_per_second,
            quantileExactIf(0.5)(m.input_tokens / m.with_usage, m.with_usage > 0 AND m.input_tokens > 0) AS input_tokens,
            quantileExactIf(0.5)(m.output_tokens / m.with_usage, m.with_usage > 0 AND m.output_tokens > 0) AS output_tokens,
            quantileExactIf(0.5)(m.cost / m.priced, m.priced > 0 AND m.cost > 0) AS cost_per_request,
            quantileExactIf(0.5)(m.cost, m.cost > 0) AS spend_rate
        FROM ({s_minutes}) AS m GROUP BY id, hour ORDER BY hour
        """;

    private static readonly Metric[] s_ofHours = [.. MetricTraits.All.Where(t => t.Family != Family.Share && t.Metric != Metric.Score).Select(t => t.Metric)];

    /// <summary>Minutes of some keys; those without calls are left out.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="from">First minute, since 1970.</param>
    /// <param name="to">The minute behind the last one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<MinuteStats>> ReadAsync(IReadOnlyCollection<ulong> keys, long from, long to, CancellationToken cancellation)
    {
        if (keys.Count == 0 || from >= to)
        {
            return [];
        }

        ClickHouseResult result = await client.QueryAsync($"SELECT * FROM ({s_minutes}) ORDER BY minute", Parameters(keys, from, to), cancellation);
        return [.. result.Rows.Select(Read)];
    }

    /// <summary>Medians (of the request rate the mean) of the minutes of hours, for the seasonal baselines.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<IReadOnlyList<HourStats>> ReadHoursAsync(IReadOnlyCollection<ulong> keys, long from, long to, CancellationToken cancellation)
    {
        if (keys.Count == 0 || from >= to)
        {
            return [];
        }

        ClickHouseResult result = await client.QueryAsync(s_hours, Parameters(keys, from, to), cancellation);
        return
        [
            .. result.Rows.Select(r => new HourStats(
                r.GetUInt64("id"), r.GetInt64("hour"), [.. s_ofHours.Select(m => (m, r.GetDouble(MetricTraits.Of(m).Name))).Where(v => double.IsFinite(v.Item2))])),
        ];
    }

    private static Dictionary<string, object?> Parameters(IReadOnlyCollection<ulong> keys, long from, long to) => new()
    {
        ["keys"] = keys,
        ["from"] = DateTimeOffset.FromUnixTimeSeconds(from * SecondsAMinute),
        ["to"] = DateTimeOffset.FromUnixTimeSeconds(to * SecondsAMinute),
    };

    private static MinuteStats Read(ClickHouseRow row)
    {
        double[] ttft = row.GetArray<double>("ttft");
        double[] latency = row.GetArray<double>("latency");
        return new MinuteStats
        {
            Key = row.GetUInt64("id"),
            Minute = row.GetInt64("minute"),
            Calls = row.GetInt64("calls"),
            Errors = row.GetInt64("errors"),
            Refused = row.GetInt64("refused"),
            Length = row.GetInt64("cut"),
            WithUsage = row.GetInt64("with_usage"),
            InputTokens = row.GetInt64("input_tokens"),
            CachedTokens = row.GetInt64("cached_tokens"),
            OutputTokens = row.GetInt64("output_tokens"),
            Priced = row.GetInt64("priced"),
            CostUsd = row.GetDouble("cost"),
            WithTtft = row.GetInt64("with_ttft"),
            TtftP50 = ttft[0],
            TtftP95 = ttft[2],
            LatencyP50 = latency[0],
            LatencyP95 = latency[2],
            TokensPerSecond = row.GetDouble("speed"),
        };
    }

    private static string OfScope(Scope scope) =>
        $$"""
        SELECT {{scope.Hash}} AS id, intDiv(toUnixTimestamp(r.ts), 60) AS minute, sum(r.calls) AS calls, sum(r.errors) AS errors, sum(r.calls_refused) AS refused,
            sum(r.calls_length) AS cut, sum(r.calls - r.calls_without_usage) AS with_usage, sum(r.input_tokens) AS input_tokens,
            sum(r.cached_tokens) AS cached_tokens, sum(r.output_tokens) AS output_tokens, sum(r.calls - r.calls_unpriced) AS priced,
            toFloat64(sum(r.cost_usd)) AS cost, sum(r.calls_with_ttft) AS with_ttft,
            quantilesDDMergeIf(0.01, 0.5, 0.9, 0.95, 0.99)(r.ttft_ms_state, r.status = 'ok') AS ttft,
            quantilesDDMergeIf(0.01, 0.5, 0.9, 0.95, 0.99)(r.duration_ms_state, r.status = 'ok') AS latency,
            quantilesDDMergeIf(0.01, 0.5, 0.9, 0.95, 0.99)(r.tokens_per_second_state, r.status = 'ok')[1] AS speed
        FROM llm_rollup_1m AS r
        WHERE r.ts >= {from:DateTime('UTC')} AND r.ts < {to:DateTime('UTC')} AND {{scope.Condition}} AND {{scope.Hash}} IN {keys:Array(UInt64)}
        GROUP BY id, minute
        """;
}
