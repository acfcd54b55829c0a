namespace Telemetry.Quality.Compare;

/// <summary>What is known of the difference in one metric.</summary>
public enum MetricState
{
    /// <summary>Neither version has been measured; it takes no part in the verdict.</summary>
    NotMeasured,

    /// <summary>The interval still holds both answers.</summary>
    NotEnoughData,

    /// <summary>The candidate is better for certain.</summary>
    Better,

    /// <summary>The candidate is not worse by more than the margin.</summary>
    NotWorse,

    /// <summary>The candidate is worse, by more than the margin where it is a guardrail.</summary>
    Worse,

    /// <summary>The candidate may be better, but not by as much as the margin.</summary>
    NotWorthIt,
}

/// <summary>The comparison of two versions in one metric.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="IsGoal">Whether the candidate must be better in it; otherwise it must not be worse.</param>
/// <param name="Baseline">The baseline's mean.</param>
/// <param name="Candidate">The candidate's mean.</param>
/// <param name="Margin">The margin in the metric's unit.</param>
/// <param name="Difference">Candidate less baseline, at all times at once.</param>
/// <param name="State">What that means.</param>
public sealed record MetricResult(ComparedMetric Metric, bool IsGoal, Estimate Baseline, Estimate Candidate, double Margin, Interval Difference, MetricState State);
