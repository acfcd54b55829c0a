using System.Globalization;
using Telemetry.Alerting.Read;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Evaluate;

/// <summary>How fast the error budget of an objective burns, in two windows each.</summary>
internal sealed class SloEvaluator(ClickHouseClient client)
{
    private const int Levels = 999;

    // Quantiles of the sketch in steps of a thousandth: how many of them lie below a limit is the share of calls below it.
    private static readonly string s_levels = string.Join(", ", Enumerable.Range(1, Levels).Select(i => (i / 1000.0).ToString("0.###", CultureInfo.InvariantCulture)));

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
        bool breached = inLong.Samples >= slo.MinSamples && longBurn > rate.Factor && shortBurn > rate.Factor;
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

    private async Task<Dictionary<Labels, Measured>> BadSharesAsync(Rule rule, SloCondition slo, TimeSpan window, Moment moment, CancellationToken cancellation)
    {
        var selection = new Selection(rule.GroupBy, rule.Filters);
        selection.Parameters["from"] = (uint)MetricReader.Align(moment.Now - window, window).ToUnixTimeSeconds();
        selection.Parameters["to"] = (uint)moment.Now.ToUnixTimeSeconds();
        selection.Parameters["limit"] = slo.TtftBelow?.TotalMilliseconds ?? 0;
        string share = slo.TtftBelow is null
            ? "sum(source.errors) / sum(source.calls)"
            : $$"""1 - arrayCount(q -> q <= {limit:Float64}, quantilesDDMerge(0.01, {{s_levels}})(source.ttft_ms_state)) / {{Levels}}""";
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
}
