using Telemetry.ClickHouse.Client;

namespace Telemetry.Quality.Compare;

/// <summary>Compares two versions of a prompt by their calls and by what was said about them.</summary>
public sealed class PromptComparer(ClickHouseClient client)
{
    // Who is counted as one: the user, or else the session, or else the trace.
    private const string User = "multiIf(user_id != '', concat('u', user_id), session_id != '', concat('s', session_id), concat('t', ";
    private const double FewestSharedHours = 24;
    private const double LopsidedShare = 0.05;

    // Arrival bounds the partitions that are read: calls come in after they began, and hardly before.
    private const string Calls =
        """
        FROM llm_calls_now AS call
        WHERE call.ts >= {from:DateTime64(3)} AND call.ts < {to:DateTime64(3)} AND call.ingested_at >= {from:DateTime64(3)} - INTERVAL 1 DAY
            AND prompt_name = {prompt:String} AND prompt_version IN ({baseline:String}, {candidate:String}) AND ({service:String} = '' OR service = {service:String})
        """;

    private const string SharedHours = $"SELECT toStartOfHour(call.ts) AS hour {Calls} GROUP BY hour HAVING uniqExact(prompt_version) = 2";

    private const string Sums =
        """
        SELECT version, metric, toInt64(count()) AS clusters, toInt64(sum(n)) AS observations, sum(w) AS weight, sum(v) AS value, sum(w * w) AS weight_squared, sum(v * v) AS value_squared, sum(w * v) AS product
        """;

    private static readonly string OfCalls =
        $$"""
        {{Sums}}
        FROM
        (
            SELECT version, cluster, m.1 AS metric, count() AS n, toFloat64(n) AS w, sum(assumeNotNull(m.2)) AS v
            FROM
            (
                SELECT
                    prompt_version AS version,
                    {{User}}trace_id)) AS cluster,
                    [('errors', CAST(status = 'error', 'Nullable(Float64)')), ('flags', if(status = 'ok', CAST({{Flagged}}, 'Nullable(Float64)'), NULL)), ('cost', CAST(cost_usd, 'Nullable(Float64)')),
                        ('latency', duration_ms), ('ttft', ttft_ms)] AS metrics
                {{Calls}}
                    AND ({all_hours:Bool} OR toStartOfHour(call.ts) IN ({{SharedHours}}))
            )
            ARRAY JOIN arrayFilter(m -> isNotNull(m.2), metrics) AS m
            GROUP BY version, cluster, metric
        )
        GROUP BY version, metric
        """;

    private static readonly string OfScores =
        $$"""
        {{Sums}}
        FROM
        (
            SELECT version, cluster, metric, count() AS n, sum(weight) AS w, sum(weight * value) AS v
            FROM
            (
                SELECT prompt_version AS version, if(source = 'user', 'feedback', 'quality') AS metric, assumeNotNull(value) AS value, 1 / greatest(probability, 1e-6) AS weight,
                    {{User}}call_trace_id)) AS cluster
                FROM llm_judged_calls
                WHERE call_ts >= {from:DateTime64(3)} AND call_ts < {to:DateTime64(3)} AND prompt_name = {prompt:String} AND prompt_version IN ({baseline:String}, {candidate:String})
                    AND ({service:String} = '' OR service = {service:String}) AND isNotNull(value) AND error_type = ''
                    AND (source = 'user' OR (source IN ('judge', 'event') AND ({rubric:String} = '' OR name = {rubric:String})))
                    AND ({all_hours:Bool} OR toStartOfHour(call_ts) IN ({{SharedHours}}))
            )
            GROUP BY version, cluster, metric
        )
        GROUP BY version, metric
        """;

    private const string Flagged = "arrayExists(flag -> flag IN ('refusal', 'empty_answer', 'truncated', 'content_filter', 'invalid_json', 'schema_mismatch', 'invalid_tool_arguments', 'missing_tool_arguments', 'unknown_tool', 'repeated_output', 'language_switch') OR startsWith(flag, 'pii_answer'), flags)";

    private static readonly (string Name, string Column, double Level)[] Quantiles =
        [("latency_p50", "duration_ms", 0.5), ("latency_p95", "duration_ms", 0.95), ("ttft_p50", "ttft_ms", 0.5), ("ttft_p95", "ttft_ms", 0.95)];

    /// <summary>Compares.</summary>
    /// <exception cref="ClickHouseException">ClickHouse cannot be asked.</exception>
    public async Task<ComparisonReport> CompareAsync(ComparisonQuestion question, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(question);
        Dictionary<string, object?> parameters = Parameters(question);
        Dictionary<(string Version, string Metric), ClusterSums> sums = await ReadAsync(OfCalls, parameters, cancellation);
        foreach ((var key, ClusterSums value) in await ReadAsync(OfScores, parameters, cancellation))
        {
            sums[key] = value;
        }

        var measured = ComparedMetric.All.ToDictionary(m => m, m => (sums.GetValueOrDefault((question.Baseline, m.Name)), sums.GetValueOrDefault((question.Candidate, m.Name))));
        (ClusterSums a, ClusterSums b) = measured[ComparedMetric.Errors];
        long hours = (await client.QueryAsync($"SELECT toInt64(count()) AS hours FROM ({SharedHours})", parameters, cancellation)).Rows[0].GetInt64("hours");
        return new ComparisonReport(
            Comparison.Decide(question.Goal, measured, question.Alpha), await ReadQuantilesAsync(question, parameters, measured, cancellation), a.Observations, b.Observations, hours,
            [.. Warnings(question, a.Observations, b.Observations, hours)]);
    }

    private static Dictionary<string, object?> Parameters(ComparisonQuestion question) => new()
    {
        ["prompt"] = question.Prompt,
        ["baseline"] = question.Baseline,
        ["candidate"] = question.Candidate,
        ["service"] = question.Service,
        ["rubric"] = question.Rubric,
        ["from"] = question.From,
        ["to"] = question.To,
        ["all_hours"] = question.AllHours,
    };

    private static IEnumerable<string> Warnings(ComparisonQuestion question, long baseline, long candidate, long hours)
    {
        if (baseline == 0 || candidate == 0)
        {
            yield return question.AllHours ? "one of the versions has no calls in this time" : "the versions were never called in the same hour; --all-hours compares them all the same, with whatever else changed in between";
        }
        else if (question.AllHours && hours < FewestSharedHours)
        {
            yield return $"both versions were called in {hours} hours only: what else changed between their times passes for a difference of the versions";
        }
        else if (Math.Min(baseline, candidate) < LopsidedShare * (baseline + candidate))
        {
            yield return "one version has less than a twentieth of the calls: see that calls are shared out by chance, and not by user or kind of question";
        }
    }

    private async Task<Dictionary<(string Version, string Metric), ClusterSums>> ReadAsync(string sql, Dictionary<string, object?> parameters, CancellationToken cancellation)
    {
        ClickHouseResult result = await client.QueryAsync(sql, parameters, cancellation);
        return result.Rows.ToDictionary(
            r => (r.GetString("version"), r.GetString("metric")),
            r => new ClusterSums(
                r.GetInt64("clusters"), r.GetInt64("observations"), r.GetDouble("weight"), r.GetDouble("value"), r.GetDouble("weight_squared"), r.GetDouble("value_squared"), r.GetDouble("product")));
    }

    private async Task<List<QuantileResult>> ReadQuantilesAsync(
        ComparisonQuestion question, Dictionary<string, object?> parameters, Dictionary<ComparedMetric, (ClusterSums Baseline, ClusterSums Candidate)> measured, CancellationToken cancellation)
    {
        var results = new List<QuantileResult>();
        foreach ((string name, string column, double level) in Quantiles)
        {
            (ClusterSums a, ClusterSums b) = measured[column == "ttft_ms" ? ComparedMetric.FirstToken : ComparedMetric.Latency];
            (double? Value, Interval Range) baseline = await ReadQuantileAsync(column, level, question.Baseline, a.Clusters, question.Alpha / 2, parameters, cancellation);
            (double? Value, Interval Range) candidate = await ReadQuantileAsync(column, level, question.Candidate, b.Clusters, question.Alpha / 2, parameters, cancellation);
            if (baseline.Value is not null || candidate.Value is not null)
            {
                results.Add(new QuantileResult(name, baseline.Value, candidate.Value, QuantileSequence.OfDifference(baseline.Range, candidate.Range)));
            }
        }

        return results;
    }

    // As many observations as there are clusters: those of one user are alike.
    private async Task<(double? Value, Interval Range)> ReadQuantileAsync(
        string column, double level, string version, long clusters, double alpha, Dictionary<string, object?> parameters, CancellationToken cancellation)
    {
        if (clusters == 0)
        {
            return (null, Interval.Unknown);
        }

        Interval levels = QuantileSequence.Levels(level, clusters, alpha);
        string sql = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $$"""
            SELECT quantilesExact({{Math.Clamp(levels.Low, 0, 1):F9}}, {{level:F9}}, {{Math.Clamp(levels.High, 0, 1):F9}})(assumeNotNull({{column}})) AS q
            {{Calls}}
                AND prompt_version = {version:String} AND isNotNull({{column}}) AND ({all_hours:Bool} OR toStartOfHour(call.ts) IN ({{SharedHours}}))
            """);
        double[] found = (await client.QueryAsync(sql, new Dictionary<string, object?>(parameters) { ["version"] = version }, cancellation)).Rows[0].GetArray<double>("q");
        return (found[1], new Interval(levels.Low > 0 ? found[0] : double.NegativeInfinity, levels.High < 1 ? found[2] : double.PositiveInfinity));
    }
}
