using Telemetry.Alerting.Read;

namespace Telemetry.Alerting.Evaluate;

/// <summary>Compares figures with thresholds.</summary>
internal sealed class ThresholdEvaluator(MetricReader metrics)
{
    private readonly UsualHours _usual = new(metrics);

    public async Task<Evaluation> EvaluateAsync(Rule rule, ThresholdCondition condition, Moment moment, CancellationToken cancellation)
    {
        (DateTimeOffset from, DateTimeOffset to) = Window(condition, moment);
        Dictionary<Labels, Measured> figures = await ReadAsync(rule, condition, from, to, moment, cancellation);
        if (condition.ComparedTo is { } ago)
        {
            Dictionary<Labels, Measured> earlier = await ReadAsync(rule, condition, from - ago, to - ago, moment with { IsLive = false }, cancellation);
            figures = figures.ToDictionary(f => f.Key, f => Compare(condition, f.Value, earlier.GetValueOrDefault(f.Key)));
        }

        Verdict absent = AbsentVerdict(rule, condition);
        var samples = new List<Sample>();
        foreach ((Labels labels, Measured figure) in figures)
        {
            Verdict verdict = figure.Value is { } value && figure.Samples >= condition.MinSamples ? Judge(condition, value) : Missing(rule);
            samples.Add(new Sample(labels, verdict, figure.Value, Text(condition, figure.Value)) { From = from, To = to });
        }

        if (samples.Count == 0 && rule.GroupBy.Count == 0 && rule.Missing == MissingData.Firing)
        {
            samples.Add(new Sample(Labels.None, Verdict.Breached, null, Text(condition, null)) { From = from, To = to });
        }

        if (condition.AtUsualHours && samples.Exists(s => s.Verdict == Verdict.Breached))
        {
            IReadOnlySet<Labels> usual = await _usual.ReadAsync(rule, TimeSpan.FromSeconds(condition.Threshold), moment, cancellation);
            samples = [.. samples.Select(s => s.Verdict == Verdict.Breached && !usual.Contains(s.Labels) ? s with { Verdict = Missing(rule) } : s)];
        }

        return new Evaluation(MostExtreme(rule, condition, samples), absent);
    }

    private async Task<Dictionary<Labels, Measured>> ReadAsync(
        Rule rule, ThresholdCondition condition, DateTimeOffset from, DateTimeOffset to, Moment moment, CancellationToken cancellation)
    {
        Dictionary<Labels, Measured> figures = await metrics.ReadAsync(condition.Metric, rule, from, to, moment, cancellation);
        if (condition.DivideBy is null)
        {
            return figures;
        }

        Dictionary<Labels, Measured> divisors = await metrics.ReadAsync(condition.DivideBy, rule, from, to, moment, cancellation);
        return figures.ToDictionary(f => f.Key, f => divisors.GetValueOrDefault(f.Key) is { Value: { } d } divisor && d != 0 && f.Value.Value is { } v
            ? new Measured(v / d, Math.Min(f.Value.Samples, divisor.Samples))
            : new Measured(null, 0));
    }

    // An incomplete minute makes sums too small; shares and quantiles are as good with it, and sooner.
    private static (DateTimeOffset From, DateTimeOffset To) Window(ThresholdCondition condition, Moment moment)
    {
        MetricDefinition metric = condition.Metric.Definition;
        if (metric.Source == MetricSource.Silence)
        {
            return (Moment.Floor(moment.Heard - condition.Window, TimeSpan.FromMinutes(1)), moment.Heard);
        }

        bool complete = metric.IsAdditive || condition.DivideBy is { Definition.IsAdditive: true };
        DateTimeOffset to = !complete ? moment.Now : condition.Window < TimeSpan.FromMinutes(1) ? moment.Heard : moment.CompleteMinute;
        DateTimeOffset from = metric.Source == MetricSource.Calls ? MetricReader.Align(to - condition.Window, condition.Window) : to - condition.Window;
        return (from, to);
    }

    private static Measured Compare(ThresholdCondition condition, Measured now, Measured earlier)
    {
        if (now.Value is not { } value || earlier.Value is not { } before || earlier.Samples < condition.MinSamples)
        {
            return new Measured(null, 0);
        }

        return condition.Comparison == Comparison.Difference
            ? now with { Value = value - before }
            : new Measured(before == 0 ? null : value / before, now.Samples);
    }

    private static Verdict Judge(ThresholdCondition condition, double value)
    {
        if (Beyond(condition.Operator, value, condition.Threshold))
        {
            return Verdict.Breached;
        }

        return condition.ResolveThreshold is { } resolve && Beyond(condition.Operator, value, resolve) ? Verdict.Holding : Verdict.Clear;
    }

    private static bool Beyond(Operator side, double value, double threshold) => side switch
    {
        Operator.Above => value > threshold,
        Operator.AtLeast => value >= threshold,
        Operator.Below => value < threshold,
        _ => value <= threshold,
    };

    // A group without rows has had nothing, which is 0 of what adds up.
    private static Verdict AbsentVerdict(Rule rule, ThresholdCondition condition) =>
        condition.Metric.Definition.IsAdditive && condition.DivideBy is null && condition.ComparedTo is null && condition.MinSamples == 0 ? Judge(condition, 0) : Missing(rule);

    private static Verdict Missing(Rule rule) => rule.Missing switch
    {
        MissingData.Firing => Verdict.Breached,
        MissingData.Keep => Verdict.Unknown,
        _ => Verdict.Clear,
    };

    private static List<Sample> MostExtreme(Rule rule, ThresholdCondition condition, List<Sample> samples)
    {
        if (samples.Count <= rule.MaxGroups)
        {
            return samples;
        }

        AlertingMetrics.GroupsLeftOut.Add(samples.Count - rule.MaxGroups, new KeyValuePair<string, object?>("rule", rule.Name));
        bool above = condition.Operator is Operator.Above or Operator.AtLeast;
        return [.. samples.OrderByDescending(s => s.Verdict).ThenByDescending(s => above ? s.Value : -s.Value).Take(rule.MaxGroups)];
    }

    private static string Text(ThresholdCondition condition, double? value)
    {
        string name = condition.Metric.Definition.Name + (condition.DivideBy is { } d ? $" / {d.Definition.Name}" : "");
        string measured = value is { } v ? NumberText.Of(v, condition.Unit) : "not known";
        string side = condition.Operator switch { Operator.Above => "above", Operator.AtLeast => "at or above", Operator.Below => "below", _ => "at or below" };
        string compared = condition.ComparedTo is { } ago ? $" {(condition.Comparison == Comparison.Ratio ? "times" : "more than")} what it was {DurationText.Of(ago)} before" : "";
        string window = condition.Metric.Definition.Source == MetricSource.Silence || condition.Metric.Definition.Name == "pipeline_lag" ? "" : $" over {DurationText.Of(condition.Window)}";
        return $"{name} is {measured}{compared}{window}; an incident {side} {NumberText.Of(condition.Threshold, condition.Unit)}";
    }
}
