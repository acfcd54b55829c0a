using Telemetry.Alerting.Read;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Evaluate;

/// <summary>Open anomalies of the detection, each an incident of its own.</summary>
internal sealed class AnomalyEvaluator(ClickHouseClient client)
{
    // Name of a label, and the column of llm_anomalies.
    private static readonly (string Label, string Column)[] s_labels =
    [
        ("metric", "metric"), ("direction", "direction"), ("subject", "subject"), ("tenant", "tenant"), ("service", "service"), ("model", "model"), ("operation", "operation"),
        ("prompt", "prompt_name"), ("prompt_version", "prompt_version"),
    ];

    public async Task<Evaluation> EvaluateAsync(Rule rule, AnomalyCondition condition, Moment moment, CancellationToken cancellation)
    {
        var parameters = new Dictionary<string, object?>
        {
            ["severity"] = Severities.All.ToList().IndexOf(condition.MinSeverity) + 1,
            ["metrics"] = condition.Metrics,
            ["now"] = (uint)moment.Now.ToUnixTimeSeconds(),
        };
        string filters = string.Concat(rule.Filters.Select((f, i) =>
        {
            parameters[$"f{i}"] = f.Values;
            return $" AND {s_labels.First(l => l.Label == f.Dimension.Name).Column} {(f.Excluded ? "NOT IN" : "IN")} {{f{i}:Array(String)}}";
        }));
        ClickHouseResult result = await client.QueryAsync(
            $$"""
            SELECT {{string.Join(", ", s_labels.Select(l => $"toString({l.Column}) AS {l.Label}_label"))}}, observed, why, exemplars, toString(severity) AS severity_name, opened_at, last_at
            FROM (SELECT * FROM llm_anomalies WHERE at <= toDateTime({now:UInt32}) + 1 ORDER BY revision DESC, at LIMIT 1 BY anomaly_id)
            WHERE state = 'open' AND toInt8(severity) >= {severity:Int8} AND (empty({metrics:Array(String)}) OR metric IN {metrics:Array(String)})
                AND last_at >= toDateTime({now:UInt32}) - INTERVAL 1 DAY{{filters}}
            ORDER BY toInt8(severity) DESC, score DESC
            """,
            parameters,
            cancellation);
        return new Evaluation([.. result.Rows.Select(Read).DistinctBy(s => s.Labels).Take(rule.MaxGroups)], Verdict.Clear);
    }

    private static Sample Read(ClickHouseRow row)
    {
        var labels = new Labels(s_labels.Select(l => KeyValuePair.Create(l.Label, row.GetString($"{l.Label}_label"))).Where(l => l.Value.Length > 0));
        return new Sample(labels, Verdict.Breached, row.IsNull("observed") ? null : row.GetDouble("observed"), row.GetString("why"))
        {
            Severity = row.GetString("severity_name"),
            From = row.GetDateTime("opened_at"),
            To = row.GetDateTime("last_at"),
            TraceIds = row.GetArray<string>("exemplars"),
        };
    }
}
