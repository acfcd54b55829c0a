namespace Telemetry.Quality.Compare;

/// <summary>One figure by which two versions are compared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HigherIsBetter">Which direction is good.</param>
/// <param name="Margin">How much worse a guardrail may be, and how much better a goal must be to be worth it. In the metric's unit, or of the baseline when relative.</param>
/// <param name="IsRelative">Whether the margin is a share of the baseline's mean.</param>
/// <param name="IsRate">Whether observations are 0 or 1.</param>
/// <param name="Unit">share, usd, ms, score.</param>
public sealed record ComparedMetric(string Name, bool HigherIsBetter, double Margin, bool IsRelative, bool IsRate, string Unit)
{
    /// <summary>What judges think of the answers, 0 to 1, each judged call weighed by how it was sampled.</summary>
    public static ComparedMetric Quality { get; } = new("quality", HigherIsBetter: true, 0.02, IsRelative: false, IsRate: false, "score");

    /// <summary>What users think of the answers, 0 to 1.</summary>
    public static ComparedMetric Feedback { get; } = new("feedback", HigherIsBetter: true, 0.02, IsRelative: false, IsRate: false, "score");

    /// <summary>Share of calls that ended in error.</summary>
    public static ComparedMetric Errors { get; } = new("errors", HigherIsBetter: false, 0.01, IsRelative: false, IsRate: true, "share");

    /// <summary>Share of answered calls in which screening found something.</summary>
    public static ComparedMetric Flags { get; } = new("flags", HigherIsBetter: false, 0.02, IsRelative: false, IsRate: true, "share");

    /// <summary>Cost of a priced call.</summary>
    public static ComparedMetric Cost { get; } = new("cost", HigherIsBetter: false, 0.1, IsRelative: true, IsRate: false, "usd");

    /// <summary>Mean duration of a call.</summary>
    public static ComparedMetric Latency { get; } = new("latency", HigherIsBetter: false, 0.1, IsRelative: true, IsRate: false, "ms");

    /// <summary>Mean time to first token.</summary>
    public static ComparedMetric FirstToken { get; } = new("ttft", HigherIsBetter: false, 0.1, IsRelative: true, IsRate: false, "ms");

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<ComparedMetric> All { get; } = [Quality, Feedback, Errors, Flags, Cost, Latency, FirstToken];

    /// <summary>The metric of that name; null when there is none.</summary>
    public static ComparedMetric? Find(string name) => All.FirstOrDefault(m => m.Name == name);
}
