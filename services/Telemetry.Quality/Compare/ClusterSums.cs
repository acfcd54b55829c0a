namespace Telemetry.Quality.Compare;

/// <summary>
/// Sums over clusters of observations, all that a weighted mean and its variance need. Calls of one user are alike, so the user (or else the session, or else the
/// trace) is what was drawn, not the call: counting calls as independent would make intervals too short.
/// </summary>
/// <param name="Clusters">Clusters with at least one observation.</param>
/// <param name="Observations">Observations.</param>
/// <param name="Weight">Sum of weights; a sampled observation weighs 1 / probability.</param>
/// <param name="Value">Sum of weight times value.</param>
/// <param name="WeightSquared">Sum over clusters of the square of the cluster's weight.</param>
/// <param name="ValueSquared">Sum over clusters of the square of the cluster's value sum.</param>
/// <param name="Product">Sum over clusters of weight times value sum.</param>
public readonly record struct ClusterSums(long Clusters, long Observations, double Weight, double Value, double WeightSquared, double ValueSquared, double Product)
{
    /// <summary>The weighted mean (Hájek) and the variance of that mean by linearization, as of independent clusters.</summary>
    /// <param name="isRate">Whether values are 0 or 1. A rate of which no event was seen is not known to be 0 exactly, so its variance has a floor.</param>
    public Estimate Estimate(bool isRate)
    {
        if (Clusters == 0 || !(Weight > 0))
        {
            return default;
        }

        double mean = Value / Weight;
        double squares = Math.Max(0, ValueSquared - (2 * mean * Product) + (mean * mean * WeightSquared));
        double correction = Clusters > 1 ? Clusters / (Clusters - 1.0) : 1;
        double variance = correction * squares / (Weight * Weight);
        if (isRate)
        {
            // Agresti and Coull's two successes and two failures, on the effective number of observations.
            double effective = Weight * Weight / WeightSquared;
            double share = ((mean * effective) + 2) / (effective + 4);
            variance = Math.Max(variance, share * (1 - share) / (effective + 4));
        }

        return new Estimate(mean, variance, Clusters, Observations);
    }
}

/// <summary>A mean that was estimated.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Variance">Variance of that mean, not of the observations.</param>
/// <param name="Clusters">Independent clusters that it is made of; 0 when there is none.</param>
/// <param name="Observations">Observations that it is made of.</param>
public readonly record struct Estimate(double Mean, double Variance, long Clusters, long Observations);
