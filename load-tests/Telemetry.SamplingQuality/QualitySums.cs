namespace Telemetry.SamplingQuality;

/// <summary>
/// What the estimate of a mean is made of, one term a trace: scores of one trace are alike, so it is traces that are independent. The same sums stand in the view
/// <c>llm_quality_sums</c>; days and dimensions add up.
/// </summary>
public sealed class QualitySums
{
    private double _score;
    private double _weight;
    private double _scoreSquared;
    private double _scoreWeight;
    private double _weightSquared;

    /// <summary>Traces.</summary>
    public int Traces { get; private set; }

    /// <summary>Estimate of how many calls there were.</summary>
    public double Calls => _weight;

    /// <summary>The weighted mean: Hajek's estimator, the ratio of two of Horvitz and Thompson's.</summary>
    public double Mean => _score / _weight;

    /// <summary>Traces of equal weight that would tell as much (Kish).</summary>
    public double EffectiveTraces => _weight * _weight / _weightSquared;

    /// <summary>Its variance by linearisation: of the weighted residuals of the traces, with the correction for a small number of them.</summary>
    public double Variance
    {
        get
        {
            double mean = Mean;
            double residuals = Math.Max(0, _scoreSquared - (2 * mean * _scoreWeight) + (mean * mean * _weightSquared));
            return EffectiveTraces > 1 ? residuals / (_weight * _weight) * EffectiveTraces / (EffectiveTraces - 1) : double.NaN;
        }
    }

    /// <summary>Adds one trace.</summary>
    /// <param name="scores">Score and probability of each of its judged calls.</param>
    public void Add(params IEnumerable<(double Score, double Probability)> scores)
    {
        (double sum, double weight) = (0, 0);
        foreach ((double score, double probability) in scores)
        {
            sum += score / probability;
            weight += 1 / probability;
        }

        if (weight > 0)
        {
            Traces++;
            _score += sum;
            _weight += weight;
            _scoreSquared += sum * sum;
            _scoreWeight += sum * weight;
            _weightSquared += weight * weight;
        }
    }
}
