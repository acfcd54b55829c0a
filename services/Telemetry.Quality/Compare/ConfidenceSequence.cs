namespace Telemetry.Quality.Compare;

/// <summary>
/// Intervals that hold at all times at once: one may look every hour and stop when one likes. The mixture sequential probability ratio test with a normal mixture
/// over the effect (Robbins 1970; Johari, Koomen, Pekelis, Walsh 2022, "Always Valid Inference", Operations Research 70), applied to means whose distribution is near normal
/// (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2024, "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52).
/// </summary>
public static class ConfidenceSequence
{
    /// <summary>Fewest clusters of each side before anything is said: below it, means of skewed values such as cost are not near normal.</summary>
    public const int FewestClusters = 100;

    // The mixture is tightest where its variance is this many times the estimate's: -1 - W(-alpha^2 / e) at alpha = 0.05, and flat around it
    // (Howard, Ramdas, McAuliffe, Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic confidence sequences", section 3.5).
    private const double TightestRatio = 8;

    // A fixed-size test that finds an effect in four of five cases has a standard error of about a third of it.
    private const double EffectInStandardErrors = 2.8;

    /// <summary>The difference of two means, <paramref name="b"/> less <paramref name="a"/>.</summary>
    /// <param name="a">One mean.</param>
    /// <param name="b">The other.</param>
    /// <param name="effect">The smallest difference that matters; it only says where the interval is tightest. Positive.</param>
    /// <param name="alpha">Chance that the interval ever misses the truth, two-sided.</param>
    public static Interval OfDifference(Estimate a, Estimate b, double effect, double alpha)
    {
        if (Math.Min(a.Clusters, b.Clusters) < FewestClusters)
        {
            return Interval.Unknown;
        }

        double difference = b.Mean - a.Mean;
        double radius = Radius(a.Variance + b.Variance, effect, alpha);
        return new Interval(difference - radius, difference + radius);
    }

    /// <summary>Half the width of the interval around an estimate of that variance.</summary>
    public static double Radius(double variance, double effect, double alpha)
    {
        if (!(variance > 0))
        {
            return 0;
        }

        double standardError = effect / EffectInStandardErrors;
        double mixture = TightestRatio * standardError * standardError;
        return Math.Sqrt(variance * (variance + mixture) / mixture * ((2 * Math.Log(1 / alpha)) + Math.Log((variance + mixture) / variance)));
    }
}
