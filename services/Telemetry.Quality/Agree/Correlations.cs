using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using Telemetry.Quality.Compare;

namespace Telemetry.Quality.Agree;

/// <summary>How two raters' numbers move together.</summary>
/// <param name="Pearson">Linear correlation; null when one of them never varies.</param>
/// <param name="Spearman">Correlation of ranks, ties at their mean rank; null when one of them never varies.</param>
/// <param name="Pairs">Pairs.</param>
public sealed record Correlations(double? Pearson, double? Spearman, int Pairs)
{
    private const int FewestForInterval = 4;

    /// <summary>Correlations of pairs.</summary>
    public static Correlations Of(IReadOnlyList<(double First, double Second)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        double[] first = [.. pairs.Select(p => p.First)];
        double[] second = [.. pairs.Select(p => p.Second)];
        return pairs.Count < 2 || first.Distinct().Count() < 2 || second.Distinct().Count() < 2
            ? new Correlations(null, null, pairs.Count)
            : new Correlations(Correlation.Pearson(first, second), Correlation.Spearman(first, second), pairs.Count);
    }

    /// <summary>Where the true rank correlation lies, by Fisher's transformation with the variance of Bonett and Wright 2000.</summary>
    /// <param name="confidence">For example 0.95.</param>
    public Interval SpearmanInterval(double confidence)
    {
        if (Spearman is not { } rho || Pairs < FewestForInterval)
        {
            return Interval.Unknown;
        }

        double bounded = Math.Clamp(rho, -0.999999, 0.999999);
        double radius = Normal.InvCDF(0, 1, 1 - ((1 - confidence) / 2)) * Math.Sqrt((1 + (bounded * bounded / 2)) / (Pairs - 3));
        return new Interval(Math.Tanh(Math.Atanh(bounded) - radius), Math.Tanh(Math.Atanh(bounded) + radius));
    }
}
