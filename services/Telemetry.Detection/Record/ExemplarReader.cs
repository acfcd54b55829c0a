using Telemetry.ClickHouse.Client;
using Telemetry.Detection.Model;
using Telemetry.Detection.Track;

namespace Telemetry.Detection.Record;

/// <summary>Finds the traces that show an anomaly: the slowest, the failed, the most expensive, as its metric says.</summary>
internal sealed class ExemplarReader(ClickHouseClient client)
{
    private const int Most = 5;

    /// <summary>Trace ids that are in <c>llm_calls</c>, worst first; none for silence.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(Anomaly anomaly, CancellationToken cancellation)
    {
        if (anomaly.Kind == "silence")
        {
            return [];
        }

        string sql = anomaly.Topic.Metric == "score" ? Scores : Calls(anomaly.Topic);
        return [.. (await client.QueryAsync(sql, Parameters(anomaly), cancellation)).Rows.Select(r => r.GetString("trace_id"))];
    }

    private const string Scores =
        """
        SELECT s.trace_id AS trace_id FROM llm_scores AS s
        WHERE s.ts >= {from:DateTime64(9, 'UTC')} AND s.ts < {to:DateTime64(9, 'UTC')} AND s.service = {service:String} AND s.name = {subject:String} AND isNotNull(s.value)
            AND s.trace_id IN (SELECT trace_id FROM llm_calls WHERE service = {service:String} AND ingested_at >= {from:DateTime64(9, 'UTC')} - INTERVAL 7 DAY)
        ORDER BY s.value LIMIT 1 BY trace_id LIMIT 5
        """;

    private static string Calls(AnomalyTopic topic)
    {
        (string condition, string order) = Order(topic);
        Scope scope = topic.Key.Scope;
        return $$"""
            SELECT trace_id FROM llm_calls AS c
            WHERE c.ts >= {from:DateTime64(9, 'UTC')} AND c.ts < {to:DateTime64(9, 'UTC')} AND c.ingested_at >= {from:DateTime64(9, 'UTC')} - INTERVAL 1 DAY AND sign > 0
                AND toString({{scope.Tenant}}) = {tenant:String} AND toString({{scope.Service}}) = {service:String} AND toString({{scope.Model}}) = {model:String}
                AND ({operation:String} = '' OR toString({{scope.Operation}}) = {operation:String})
                AND toString({{scope.PromptName}}) = {prompt:String} AND toString({{scope.PromptVersion}}) = {version:String} AND ({{condition}})
            ORDER BY {{order}}, trace_id LIMIT 1 BY trace_id LIMIT {{Most}}
            """;
    }

    private static (string Condition, string Order) Order(AnomalyTopic topic)
    {
        string direction = topic.Up ? "DESC" : "ASC";
        return topic.Metric switch
        {
            "error_rate" => ("status = 'error'", "c.ts DESC"),
            "refusal_rate" => (RefusalReasons.Condition("finish_reasons"), "c.ts DESC"),
            "length_rate" => ("has(finish_reasons, 'length')", "c.ts DESC"),
            "cache_hit_rate" => ("input_tokens > 0", "ifNull(cached_tokens, 0) / input_tokens, input_tokens DESC"),
            "ttft_p50" or "ttft_p95" => ("isNotNull(ttft_ms)", "ttft_ms DESC"),
            "latency_p50" or "latency_p95" => ("isNotNull(duration_ms) AND status = 'ok'", $"duration_ms {direction}"),
            "tokens_per_second" => ("isNotNull(tokens_per_second)", $"tokens_per_second {direction}"),
            "input_tokens" => ("isNotNull(input_tokens)", $"input_tokens {direction}"),
            "output_tokens" => ("isNotNull(output_tokens)", $"output_tokens {direction}"),
            "cost_per_request" or "spend_rate" => ("isNotNull(cost_usd)", "cost_usd DESC"),
            "unknown_price" => ("isNull(cost_usd)", "c.ts DESC"),
            "new_error_type" => ("error_type = {subject:String}", "c.ts DESC"),
            _ => ("true", "c.ts DESC"),
        };
    }

    private static Dictionary<string, object?> Parameters(Anomaly anomaly)
    {
        MetricKey key = anomaly.Topic.Key;
        long to = Math.Max(anomaly.LastAt, anomaly.OpenedAt + 1);
        return new()
        {
            ["from"] = DateTimeOffset.FromUnixTimeSeconds((anomaly.Kind == "novelty" ? anomaly.OpenedAt : to - anomaly.WindowMinutes) * 60),
            ["to"] = DateTimeOffset.FromUnixTimeSeconds(to * 60),
            ["tenant"] = key.Tenant,
            ["service"] = key.Service,
            ["model"] = key.Model,
            ["operation"] = key.Operation,
            ["prompt"] = key.PromptName,
            ["version"] = key.PromptVersion,
            ["subject"] = anomaly.Topic.Subject,
        };
    }
}
