using Telemetry.Alerting.Read;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Evaluate;

/// <summary>Asks ClickHouse for the figures of a metric.</summary>
internal sealed class MetricReader(ClickHouseClient client)
{
    // Beyond it the hours of the rollup are fine enough.
    private static readonly TimeSpan LongestInMinutes = TimeSpan.FromHours(6);
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private const int MostRows = 100_000;

    /// <summary>The metric of every group in a window, by labels.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<Dictionary<Labels, Measured>> ReadAsync(
        MetricUse metric, Rule rule, DateTimeOffset from, DateTimeOffset to, Moment moment, CancellationToken cancellation)
    {
        var selection = new Selection(rule.GroupBy, rule.Filters);
        selection.Parameters["from"] = Seconds(from);
        selection.Parameters["to"] = Seconds(to);
        selection.Parameters["seconds"] = (to - from).TotalSeconds;
        string sql = metric.Definition.Source switch
        {
            MetricSource.Calls => OfCalls(metric, selection, to - from),
            MetricSource.Scores => OfScores(metric, selection),
            MetricSource.Agreement => OfAgreement(metric, selection),
            MetricSource.Silence => OfSilence(selection, moment),
            _ => OfPipeline(metric, selection),
        };
        ClickHouseResult result = await client.QueryAsync(sql, selection.Parameters, cancellation);
        var figures = new Dictionary<Labels, Measured>();
        foreach (ClickHouseRow row in result.Rows)
        {
            double? value = row.IsNull("value") ? null : row.GetDouble("value");
            figures[selection.LabelsOf(row)] = new Measured(value is { } v && double.IsFinite(v) ? v : null, row.GetInt64("samples"));
        }

        return figures;
    }

    /// <summary>The rollup that covers a window well.</summary>
    public static string Rollup(TimeSpan window) => window <= LongestInMinutes ? "llm_rollup_1m" : "llm_rollup_1h";

    /// <summary>Start of a window on whole rows of its rollup; one of less than a minute is asked of the calls themselves.</summary>
    public static DateTimeOffset Align(DateTimeOffset from, TimeSpan window) => window < Shortest
        ? from
        : Moment.Floor(from, window <= LongestInMinutes ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1));

    private static string OfCalls(MetricUse metric, Selection selection, TimeSpan window)
    {
        bool rollup = selection.FitsRollups && metric.Flags.Count == 0 && window >= Shortest;
        if (metric.Flags.Count > 0)
        {
            selection.Parameters["flags"] = metric.Flags;
        }

        // The arrival bounds the partitions that are read; a span's own clock may be off by a while.
        string table = rollup ? Rollup(window) : "llm_calls";
        string arrival = rollup ? "" : " AND source.ingested_at >= toDateTime({from:UInt32}) - INTERVAL 1 DAY";
        return $$"""
            SELECT {{selection.Columns}}toFloat64({{Aggregate.Fill(metric.Definition.Value, rollup)}}) AS value, toInt64({{Aggregate.Fill(metric.Definition.Samples, rollup)}}) AS samples
            FROM {{table}} AS source
            WHERE source.ts >= toDateTime({from:UInt32}) AND source.ts < toDateTime({to:UInt32}){{arrival}}{{selection.Where}}
            {{selection.GroupBy}}
            LIMIT {{MostRows}}
            """;
    }

    private static string OfScores(MetricUse metric, Selection selection)
    {
        selection.Parameters["names"] = metric.Scores;
        selection.Parameters["labels"] = metric.Labels;
        selection.Parameters["least"] = metric.AtLeast ?? double.MaxValue;
        // The mean is of values; a share also takes judgements that have a label alone.
        string counts = metric.Definition.Name == "score_mean" ? "isNotNull(source.value)" : "(isNotNull(source.value) OR source.label != '')";
        return $$"""
            SELECT {{selection.Columns}}toFloat64({{metric.Definition.Value}}) AS value, toInt64({{metric.Definition.Samples}}) AS samples
            FROM
            (
                SELECT *, greatest(probability, 1e-6) AS probability, has({labels:Array(String)}, label) OR ifNull(value >= {least:Float64}, 0) AS passed
                FROM (SELECT tenant, service, ts, name, label, value, error_type, probability FROM llm_scores AS source WHERE {{counts}})
            ) AS source
            WHERE source.ts >= toDateTime({from:UInt32}) AND source.ts < toDateTime({to:UInt32}) AND source.error_type = ''
                AND (empty({names:Array(String)}) OR source.name IN {names:Array(String)}){{selection.Where}}
            {{selection.GroupBy}}
            LIMIT {{MostRows}}
            """;
    }

    // In time by when people said it: that is when a pair comes to be. Reviews name their call, so scores are paired without asking for calls, and only those of traces that
    // were reviewed in the window are read. Where all say one thing there is no kappa, and so no value.
    private static string OfAgreement(MetricUse metric, Selection selection)
    {
        const string Reviewed = "human.source = 'human' AND human.span_id != '' AND isNotNull(human.value) AND human.error_type = '' AND human.ts >= toDateTime({from:UInt32}) AND human.ts < toDateTime({to:UInt32})";
        selection.Parameters["names"] = metric.Scores;
        return $$"""
            SELECT {{selection.Columns}}toFloat64({{metric.Definition.Value}}) AS value, toInt64({{metric.Definition.Samples}}) AS samples
            FROM
            (
                SELECT said.tenant AS tenant, said.service AS service, said.name AS name, said.value AS human_value, judged.value AS judge_value
                FROM
                (
                    SELECT human.tenant AS tenant, human.trace_id AS trace_id, human.span_id AS span_id, human.name AS name, argMax(human.service, human.ts) AS service, argMax(assumeNotNull(human.value), human.ts) AS value
                    FROM llm_scores AS human WHERE {{Reviewed}}
                    GROUP BY tenant, trace_id, span_id, name
                ) AS said
                INNER JOIN
                (
                    SELECT judge.tenant AS tenant, judge.trace_id AS trace_id, judge.span_id AS span_id, judge.name AS name, argMax(assumeNotNull(judge.value), judge.ts) AS value
                    FROM llm_scores AS judge
                    WHERE judge.source IN ('judge', 'event') AND isNotNull(judge.value) AND judge.error_type = '' AND judge.trace_id IN (SELECT human.trace_id FROM llm_scores AS human WHERE {{Reviewed}})
                    GROUP BY tenant, trace_id, span_id, name, judge.rubric_version, judge.judge_model
                ) AS judged ON judged.tenant = said.tenant AND judged.trace_id = said.trace_id AND judged.span_id = said.span_id AND judged.name = said.name
            ) AS source
            WHERE (empty({names:Array(String)}) OR source.name IN {names:Array(String)}){{selection.Where}}
            {{selection.GroupBy}}
            LIMIT {{MostRows}}
            """;
    }

    private static string OfSilence(Selection selection, Moment moment)
    {
        // In history a row was last heard of in its own minute at the latest, whenever it came in.
        string heard = moment.IsLive ? "source.updated_at" : "least(source.updated_at, source.ts + 60)";
        return $$"""
            SELECT {{selection.Columns}}toFloat64(greatest(0, toInt64({to:UInt32}) - toInt64(toUnixTimestamp(max({{heard}}))))) AS value, sum(source.calls) AS samples
            FROM llm_rollup_1m AS source
            WHERE source.ts >= toDateTime({from:UInt32}) AND source.ts <= toDateTime({to:UInt32}){{selection.Where}}
            {{selection.GroupBy}}
            HAVING samples > 0
            LIMIT {{MostRows}}
            """;
    }

    private static string OfPipeline(MetricUse metric, Selection selection)
    {
        if (metric.Definition.Name == "dead_letters")
        {
            return "SELECT toFloat64(count()) AS value, toInt64(1) AS samples FROM dead_letters WHERE at >= toDateTime({from:UInt32}) AND at < toDateTime({to:UInt32})";
        }

        selection.Parameters["topic"] = WatermarkReader.Topic;
        return $$"""SELECT greatest(0, toFloat64({to:UInt32}) - toUnixTimestamp64Milli(passed) / 1000) AS value, reported AS samples FROM ({{WatermarkReader.Sql}}) WHERE reported > 0""";
    }

    private static uint Seconds(DateTimeOffset time) => (uint)Math.Max(0, time.ToUnixTimeSeconds());
}
