namespace Telemetry.Detection.Model;

/// <summary>How a metric's noise behaves.</summary>
internal enum Family
{
    /// <summary>Events a minute: Poisson noise around a seasonal rate; a minute without data is a zero.</summary>
    Count,

    /// <summary>Some of the calls: binomial noise around a slow share.</summary>
    Share,

    /// <summary>A positive size: noise of its logarithm, the smaller the more calls.</summary>
    Size,

    /// <summary>A bounded level such as a score: noise of the value itself.</summary>
    Level,
}

/// <summary>What the comparison has to know of a metric.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Name">Its name in <c>llm_anomalies</c>.</param>
/// <param name="Unit">Its unit there.</param>
/// <param name="Family">How its noise behaves.</param>
/// <param name="SmallestEffect">What nobody wants to hear of, however sure it is: a difference of logarithms (count, size) or of the value itself (share, level).</param>
/// <param name="FewestCalls">A minute with fewer calls says nothing.</param>
/// <param name="Down">Whether a fall is worth telling.</param>
/// <param name="Up">Whether a rise is worth telling.</param>
internal sealed record MetricTraits(Metric Metric, string Name, string Unit, Family Family, double SmallestEffect, int FewestCalls, bool Down, bool Up)
{
    private const double ByHalf = 0.405;
    private const double ByThird = 0.288;

    /// <summary>All of them, by <see cref="Model.Metric"/>.</summary>
    public static IReadOnlyList<MetricTraits> All { get; } =
    [
        new(Metric.RequestRate, "request_rate", "{call}/min", Family.Count, ByHalf, 0, Down: true, Up: true),
        new(Metric.ErrorRate, "error_rate", "1", Family.Share, 0.01, 1, Down: false, Up: true),
        new(Metric.RefusalRate, "refusal_rate", "1", Family.Share, 0.01, 1, Down: false, Up: true),
        new(Metric.LengthRate, "length_rate", "1", Family.Share, 0.02, 1, Down: false, Up: true),
        new(Metric.CacheHitRate, "cache_hit_rate", "1", Family.Level, 0.1, 1, Down: true, Up: false),
        new(Metric.TtftP50, "ttft_p50", "ms", Family.Size, ByThird, 1, Down: false, Up: true),
        new(Metric.TtftP95, "ttft_p95", "ms", Family.Size, ByHalf, 8, Down: false, Up: true),
        new(Metric.LatencyP50, "latency_p50", "ms", Family.Size, ByThird, 1, Down: true, Up: true),
        new(Metric.LatencyP95, "latency_p95", "ms", Family.Size, ByHalf, 8, Down: false, Up: true),
        new(Metric.TokensPerSecond, "tokens_per_second", "{token}/s", Family.Size, ByThird, 1, Down: true, Up: false),
        new(Metric.InputTokens, "input_tokens", "{token}", Family.Size, ByThird, 1, Down: true, Up: true),
        new(Metric.OutputTokens, "output_tokens", "{token}", Family.Size, ByThird, 1, Down: true, Up: true),
        new(Metric.CostPerRequest, "cost_per_request", "USD", Family.Size, ByThird, 1, Down: false, Up: true),
        new(Metric.SpendRate, "spend_rate", "USD/min", Family.Size, ByHalf, 1, Down: false, Up: true),
        new(Metric.Score, "score", "1", Family.Level, 0.1, 1, Down: true, Up: false),
    ];

    /// <summary>The traits of a metric.</summary>
    public static MetricTraits Of(Metric metric) => All[(int)metric];
}
