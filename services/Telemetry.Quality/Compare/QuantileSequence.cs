namespace Telemetry.Quality.Compare;

/// <summary>
/// Which quantiles of the sample enclose a true quantile at all times at once, whatever the distribution (Howard, Ramdas 2022, "Sequential estimation of quantiles with
/// applications to A/B testing and best-arm identification", Bernoulli 28, the stitched bound for one fixed quantile).
/// </summary>
public static class QuantileSequence
{
    /// <summary>The levels of the sample between whose quantiles the true one lies; beyond 0 or 1 that side is unbounded.</summary>
    /// <param name="level">The quantile that is asked for, between 0 and 1.</param>
    /// <param name="count">Independent observations.</param>
    /// <param name="alpha">Chance that the interval ever misses the truth, two-sided.</param>
    public static Interval Levels(double level, long count, double alpha)
    {
        if (count < 2)
        {
            return Interval.Unknown;
        }

        double rate = ((1.4 * Math.Log(Math.Log(2.1 * count))) + Math.Log(10 / alpha)) / count;
        double radius = (1.5 * Math.Sqrt(level * (1 - level) * rate)) + (0.8 * rate);
        return new Interval(level - radius, level + radius);
    }

    /// <summary>The difference of two quantiles, second less first, of which each lies in its interval with half of the error.</summary>
    public static Interval OfDifference(Interval a, Interval b) => new(b.Low - a.High, b.High - a.Low);
}
