using System.Globalization;
using Telemetry.Alerting.Read;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Evaluate;

/// <summary>How fast the error budget of an objective burns, in two windows each.</summary>
internal sealed class SloEvaluator(ClickHouseClient client)
{
    // Beside the levels that decide, steps of a hundredth, so that texts can tell how bad it is.
    private const int Steps = 100;

    public async Task<Evaluation> EvaluateAsync(Rule rule, SloCondition slo, Moment moment, CancellationToken cancellation)
    {
        var windows = new Dictionary<TimeSpan, Dictionary<Labels, Measured>>();
        foreach (TimeSpan window in slo.BurnRates.SelectMany(b => new[] { b.Long, b.Short }).Distinct())
        {
            windows[window] = await BadSharesAsync(rule, slo, window, moment, cancellation);
        }

        var samples = new List<Sample>();
        foreach (BurnRate rate in slo.BurnRates)
        {
            foreach ((Labels labels, Measured inLong) in windows[rate.Long].OrderByDescending(w => w.Value.Value).Take(rule.MaxGroups))
            {
                samples.Add(Judge(slo, rate, labels, inLong, windows[rate.Short].GetValueOrDefault(labels), moment));
            }
        }

        return new Evaluation(samples, rule.Missing == MissingData.Keep ? Verdict.Unknown : Verdict.Clear);
    }

    private static Sample Judge(SloCondition slo, BurnRate rate, Labels labels, Measured inLong, Measured inShort, Moment moment)
    {
        double longBurn = (inLong.Value ?? 0) / (1 - slo.Objective);
        double shortBurn = (inShort.Value ?? 0) / (1 - slo.Objective);
        bool breached = inLong.Samples >= slo.MinSamples && Exceeds(longBurn, rate) && Exceeds(shortBurn, rate);
        string what = slo.TtftBelow is { } limit ? $"a first token within {limit.TotalMilliseconds:0} ms" : "no error";
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"the error budget of \"{slo.Objective * 100:0.###} % of calls with {what}\" burns {longBurn:0.#} times too fast over {DurationText.Of(rate.Long)} and {shortBurn:0.#} times over {DurationText.Of(rate.Short)}; an incident above {rate.Factor:0.#} in both");
        return new Sample(labels.With("burn", rate.Name), breached ? Verdict.Breached : Verdict.Clear, longBurn, text)
        {
            Severity = rate.Severity,
            From = moment.Now - rate.Long,
            To = moment.Now,
        };
    }

    // A share that is exactly at the limit must not exceed it by a rounding error.
    private static bool Exceeds(double burn, BurnRate rate) => burn > rate.Factor * (1 + 1e-6);

    private async Task<Dictionary<Labels, Measured>> BadSharesAsync(Rule rule, SloCondition slo, TimeSpan window, Moment moment, CancellationToken cancellation)
    {
        var selection = new Selection(rule.GroupBy, rule.Filters);
        selection.Parameters["from"] = (uint)MetricReader.Align(moment.Now - window, window).ToUnixTimeSeconds();
        selection.Parameters["to"] = (uint)moment.Now.ToUnixTimeSeconds();
        selection.Parameters["limit"] = slo.TtftBelow?.TotalMilliseconds ?? 0;
        string levels = Levels(slo);
        string share = slo.TtftBelow is null
            ? "sum(source.errors) / sum(source.calls)"
            : $$"""1 - arrayMax(arrayMap((q, level) -> if(q <= {limit:Float64}, if(level = [{{levels}}][-1], 1, level), 0), quantilesDDMerge(0.01, {{levels}})(source.ttft_ms_state), [{{levels}}]))""";
        string samples = slo.TtftBelow is null ? "sum(source.calls)" : "sum(source.calls_with_ttft)";
        ClickHouseResult result = await client.QueryAsync(
            $$"""
            SELECT {{selection.Columns}}toFloat64({{share}}) AS value, {{samples}} AS samples
            FROM {{MetricReader.Rollup(window)}} AS source
            WHERE source.ts >= toDateTime({from:UInt32}) AND source.ts < toDateTime({to:UInt32}){{selection.Where}}
            {{selection.GroupBy}}
            HAVING samples > 0
            """,
            selection.Parameters,
            cancellation);
        return result.Rows.ToDictionary(selection.LabelsOf, r => new Measured(double.IsFinite(r.GetDouble("value")) ? r.GetDouble("value") : null, r.GetInt64("samples")));
    }

    // The share of calls within a limit is the greatest level whose quantile is. The levels at which each rate is reached are among them, so that those are told exactly.
    private static string Levels(SloCondition slo)
    {
        IEnumerable<double> deciding = slo.BurnRates.Select(b => 1 - (b.Factor * (1 - slo.Objective))).Where(l => l is > 0 and < 1);
        return string.Join(", ", Enumerable.Range(1, Steps - 1).Select(i => i / (double)Steps).Concat(deciding).Select(l => Math.Round(l, 6)).Distinct().Order()
            .Select(l => l.ToString("0.######", CultureInfo.InvariantCulture)));
    }
}
