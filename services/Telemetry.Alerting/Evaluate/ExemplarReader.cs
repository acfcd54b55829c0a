using Telemetry.Alerting.Read;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Evaluate;

/// <summary>Finds calls that show an incident.</summary>
internal sealed class ExemplarReader(ClickHouseClient client)
{
    private const int Most = 5;

    /// <summary>Trace ids, the best example first; none where the rule is not about calls.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(Rule rule, Sample sample, CancellationToken cancellation)
    {
        if (sample.TraceIds.Count > 0)
        {
            return [.. sample.TraceIds.Take(Most)];
        }

        if (rule.Condition is AnomalyCondition or ThresholdCondition { Metric.Definition.Source: MetricSource.Pipeline })
        {
            return [];
        }

        Selection selection = Selection.OfGroup(rule, sample.Labels);
        selection.Parameters["from"] = (uint)sample.From.ToUnixTimeSeconds();
        selection.Parameters["to"] = (uint)sample.To.ToUnixTimeSeconds() + 1;
        string sql = rule.Condition switch
        {
            ThresholdCondition { Metric: { Definition.Source: MetricSource.Scores } metric } => OfScores(metric, selection),
            ThresholdCondition { Metric: { Definition.Source: MetricSource.Agreement } metric } => OfAgreement(metric, selection),
            _ => OfCalls(rule, selection),
        };
        ClickHouseResult result = await client.QueryAsync(sql, selection.Parameters, cancellation);
        return [.. result.Rows.Select(r => r.GetString("trace_id")).Distinct()];
    }

    private static string OfCalls(Rule rule, Selection selection)
    {
        if (rule.Condition is ThresholdCondition { Metric.Flags.Count: > 0 } threshold)
        {
            selection.Parameters["flags"] = threshold.Metric.Flags;
        }

        return $$"""
            SELECT source.trace_id AS trace_id FROM llm_calls AS source
            WHERE source.ts >= toDateTime({from:UInt32}) AND source.ts < toDateTime({to:UInt32}) AND source.ingested_at >= toDateTime({from:UInt32}) - INTERVAL 1 DAY
                AND source.sign > 0{{selection.Where}}
            ORDER BY {{Worst(rule.Condition)}} DESC, source.ts DESC LIMIT {{Most}}
            """;
    }

    private static string OfScores(MetricUse metric, Selection selection)
    {
        selection.Parameters["names"] = metric.Scores;
        return $$"""
            SELECT trace_id FROM llm_scores AS source
            WHERE source.ts >= toDateTime({from:UInt32}) AND source.ts < toDateTime({to:UInt32}) AND source.trace_id != ''
                AND (empty({names:Array(String)}) OR source.name IN {names:Array(String)}){{selection.Where}}
            ORDER BY source.value, source.ts DESC LIMIT {{Most}}
            """;
    }

    private static string OfAgreement(MetricUse metric, Selection selection)
    {
        selection.Parameters["names"] = metric.Scores;
        return $$"""
            SELECT trace_id FROM llm_judge_human_pairs AS source
            WHERE source.ts >= toDateTime({from:UInt32}) AND source.ts < toDateTime({to:UInt32}) AND source.trace_id != ''
                AND (empty({names:Array(String)}) OR source.name IN {names:Array(String)}){{selection.Where}}
            ORDER BY abs(ifNull(source.judge_value - source.human_value, 0)) DESC, source.ts DESC LIMIT {{Most}}
            """;
    }

    private static string Worst(Condition condition) => condition switch
    {
        ThresholdCondition t => t.Metric.Definition.Worst,
        SloCondition { TtftBelow: null } => "status = 'error'",
        SloCondition => "ttft_ms",
        _ => "cost_usd",
    };
}
