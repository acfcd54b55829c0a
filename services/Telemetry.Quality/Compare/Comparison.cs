namespace Telemetry.Quality.Compare;

/// <summary>What to do with a candidate.</summary>
public enum Decision
{
    /// <summary>Look again later.</summary>
    NotEnoughData,

    /// <summary>The candidate is better in the goal, and in no guardrail worse by more than its margin.</summary>
    Ship,

    /// <summary>Stay with the baseline: a guardrail broke, or the goal will not be reached.</summary>
    Keep,
}

/// <summary>A verdict and the sentence that explains it.</summary>
/// <param name="Decision">What to do.</param>
/// <param name="Because">Why, for people.</param>
/// <param name="Metrics">The figures that it is made of.</param>
public sealed record Verdict(Decision Decision, string Because, IReadOnlyList<MetricResult> Metrics);

/// <summary>
/// The rule that turns figures into a verdict. To ship, the goal must be better and every measured guardrail not worse by more than its margin: both together are no more
/// likely by chance than the first alone, so looking at many guardrails makes a false ship no more likely. A guardrail that breaks by chance keeps a good candidate back,
/// so guardrails share one error among them (Bonferroni).
/// </summary>
public static class Comparison
{
    /// <summary>Chance that an interval of the goal ever misses the truth, both sides together.</summary>
    public const double DefaultAlpha = 0.05;

    /// <summary>Compares and decides.</summary>
    /// <param name="goal">The metric that the candidate is to be better in.</param>
    /// <param name="measured">Sums of the baseline and the candidate, by metric.</param>
    /// <param name="alpha">Chance of a wrong interval, ever.</param>
    public static Verdict Decide(ComparedMetric goal, IReadOnlyDictionary<ComparedMetric, (ClusterSums Baseline, ClusterSums Candidate)> measured, double alpha = DefaultAlpha)
    {
        ArgumentNullException.ThrowIfNull(goal);
        ArgumentNullException.ThrowIfNull(measured);
        int guardrails = measured.Count(m => m.Key != goal && m.Value is { Baseline.Clusters: > 0 } or { Candidate.Clusters: > 0 });
        List<MetricResult> results = [.. measured.Select(m => Compare(m.Key, m.Key == goal, m.Value.Baseline, m.Value.Candidate, m.Key == goal ? alpha : alpha / Math.Max(1, guardrails)))];
        MetricResult main = results.FirstOrDefault(r => r.IsGoal) ?? throw new ArgumentException($"the goal {goal.Name} is not among what was measured", nameof(measured));
        (Decision decision, string because) = Decide(main, [.. results.Where(r => !r.IsGoal && r.State != MetricState.NotMeasured)]);
        return new Verdict(decision, because, results);
    }

    private static (Decision Decision, string Because) Decide(MetricResult goal, List<MetricResult> guardrails)
    {
        if (guardrails.Where(g => g.State == MetricState.Worse).ToList() is { Count: > 0 } broken)
        {
            return (Decision.Keep, $"worse by more than the margin: {Names(broken)}");
        }

        switch (goal.State)
        {
            case MetricState.Worse:
                return (Decision.Keep, $"{goal.Metric.Name} is worse");
            case MetricState.NotWorthIt:
                return (Decision.Keep, $"{goal.Metric.Name} is not better by as much as the margin");
            case MetricState.NotMeasured:
                return (Decision.NotEnoughData, $"{goal.Metric.Name} has not been measured; choose another goal, or have it judged");
            case MetricState.NotEnoughData:
                return (Decision.NotEnoughData, $"whether {goal.Metric.Name} is better cannot be told yet");
            default:
                List<MetricResult> open = [.. guardrails.Where(g => g.State == MetricState.NotEnoughData)];
                return open.Count > 0
                    ? (Decision.NotEnoughData, $"{goal.Metric.Name} is better; whether these are worse cannot be told yet: {Names(open)}")
                    : (Decision.Ship, guardrails.Count > 0 ? $"{goal.Metric.Name} is better, and within their margins are {Names(guardrails)}" : $"{goal.Metric.Name} is better");
        }
    }

    private static MetricResult Compare(ComparedMetric metric, bool isGoal, ClusterSums baseline, ClusterSums candidate, double alpha)
    {
        Estimate a = baseline.Estimate(metric.IsRate);
        Estimate b = candidate.Estimate(metric.IsRate);
        double margin = metric.IsRelative ? metric.Margin * Math.Abs(a.Mean) : metric.Margin;
        if (a.Clusters == 0 && b.Clusters == 0)
        {
            return new MetricResult(metric, isGoal, a, b, margin, Interval.Unknown, MetricState.NotMeasured);
        }

        Interval difference = ConfidenceSequence.OfDifference(a, b, margin > 0 ? margin : metric.Margin, alpha);
        return new MetricResult(metric, isGoal, a, b, margin, difference, StateOf(metric.HigherIsBetter ? difference : -difference, isGoal, margin));
    }

    // The interval is of the gain: what is above 0 is good.
    private static MetricState StateOf(Interval gain, bool isGoal, double margin) => gain switch
    {
        { Low: > 0 } => MetricState.Better,
        _ when isGoal && gain.High < 0 => MetricState.Worse,
        _ when !isGoal && gain.High < -margin => MetricState.Worse,
        _ when isGoal && gain.High < margin => MetricState.NotWorthIt,
        _ when !isGoal && gain.Low > -margin => MetricState.NotWorse,
        _ => MetricState.NotEnoughData,
    };

    private static string Names(List<MetricResult> results) => string.Join(", ", results.Select(r => r.Metric.Name));
}
