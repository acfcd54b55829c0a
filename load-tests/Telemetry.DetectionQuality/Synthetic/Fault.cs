using Telemetry.Detection.Model;

namespace Telemetry.DetectionQuality.Synthetic;

/// <summary>A fault that is put into a series.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Size">By which factor; without meaning for silence.</param>
/// <param name="Start">First minute.</param>
/// <param name="Minutes">How long.</param>
internal sealed record Fault(FaultKind Kind, double Size, long Start, int Minutes)
{
    /// <summary>The minute after its last one.</summary>
    public long End => Start + Minutes;

    /// <summary>The metrics that show it.</summary>
    public IReadOnlyList<Metric> Metrics => Kind switch
    {
        FaultKind.Latency => [Metric.LatencyP50, Metric.LatencyP95, Metric.TokensPerSecond],
        FaultKind.FirstToken => [Metric.TtftP50, Metric.TtftP95],
        FaultKind.Errors => [Metric.ErrorRate],
        FaultKind.Cost => [Metric.CostPerRequest, Metric.SpendRate],
        FaultKind.OutputLength => [Metric.OutputTokens],
        FaultKind.InputLength => [Metric.InputTokens],
        FaultKind.Refusals => [Metric.RefusalRate],
        FaultKind.Truncation => [Metric.LengthRate],
        FaultKind.CacheDrop => [Metric.CacheHitRate],
        FaultKind.Quality => [Metric.Score],
        _ => [Metric.RequestRate],
    };

    /// <summary>Whether it is at work in a minute.</summary>
    public bool Covers(long minute) => minute >= Start && minute < End;

    /// <summary>The factor of a kind in a minute.</summary>
    public double Factor(FaultKind kind, long minute) => kind == Kind && Covers(minute) ? Size : 1;
}
