namespace Telemetry.Console.Prometheus;

/// <summary>Counts below fixed bounds.</summary>
/// <param name="Below">Values below each bound, in its order.</param>
/// <param name="Count">All values.</param>
/// <param name="Sum">Their sum, in milliseconds.</param>
internal sealed record Buckets(IReadOnlyList<double> Below, double Count, double Sum)
{
    private const double MillisecondsPerSecond = 1000;

    /// <summary>Of a sketch of milliseconds.</summary>
    public static Buckets Of(DdSketch sketch, IReadOnlyList<double> bounds) =>
        new([.. bounds.Select(b => sketch.CountBelow(b * MillisecondsPerSecond))], sketch.Count, sketch.Sum);

    /// <summary>Both together.</summary>
    public Buckets Add(Buckets other) => new([.. Below.Zip(other.Below, (a, b) => a + b)], Count + other.Count, Sum + other.Sum);
}

/// <summary>First tokens and durations of one series.</summary>
/// <param name="Ttft">First tokens.</param>
/// <param name="Duration">Durations.</param>
internal sealed record SignalHistograms(Buckets Ttft, Buckets Duration)
{
    /// <summary>Both together.</summary>
    public SignalHistograms Add(SignalHistograms other) => new(Ttft.Add(other.Ttft), Duration.Add(other.Duration));
}
