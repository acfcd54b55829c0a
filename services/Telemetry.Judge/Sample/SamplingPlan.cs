namespace Telemetry.Judge.Sample;

/// <summary>
/// Gives each stratum of a window its probability. What the rules ask for is lowered for whole strata until the expected number of judgements fits the allowance:
/// the shares first, all by one factor, then the floors. No probability becomes 0 by it unless nothing at all is allowed, so every stratum can still be
/// estimated. The plan depends on counts alone, never on which calls are drawn: that keeps weights by the inverse probability unbiased.
/// </summary>
internal static class SamplingPlan
{
    private const int Halvings = 60;
    private const double LeastOfShare = 0.001;

    /// <summary>Plans a window.</summary>
    /// <param name="strata">Its strata.</param>
    /// <param name="allowance">Expected judgements that it may lead to at most.</param>
    /// <returns>The strata in their order, and what was left of what the rules ask for.</returns>
    public static (IReadOnlyList<PlannedStratum> Strata, double Pressure) Of(IReadOnlyList<Stratum> strata, double allowance)
    {
        allowance = Math.Max(0, allowance);
        double[] shares = [.. strata.Select(s => Math.Max(s.Rule.Share, Floor(s)))];
        double asked = Expected(strata, i => shares[i]);
        if (asked <= allowance)
        {
            return (Planned(strata, shares, i => shares[i]), 1);
        }

        double least = Expected(strata, i => Least(strata[i]));
        double factor = least >= allowance ? allowance / least : Fit(strata, allowance);
        double Probability(int i) => least >= allowance ? Least(strata[i]) * factor : Math.Max(strata[i].Rule.Share * factor, Least(strata[i]));
        return (Planned(strata, shares, Probability), Expected(strata, Probability) / asked);
    }

    // The greatest factor whose expected judgements fit.
    private static double Fit(IReadOnlyList<Stratum> strata, double allowance)
    {
        (double low, double high) = (0, 1);
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            bool fits = Expected(strata, k => Math.Max(strata[k].Rule.Share * middle, Least(strata[k]))) <= allowance;
            (low, high) = fits ? (middle, high) : (low, middle);
        }

        return low;
    }

    // The floor; and a thousandth of its share where a rule has none, so that it does not go unseen.
    private static double Least(Stratum stratum) => Math.Max(Floor(stratum), stratum.Rule.Share * LeastOfShare);

    // So that a key whose traffic goes on as it was for a day gets its number within a day.
    private static double Floor(Stratum stratum) =>
        stratum.Answered == 0 ? 0 : Math.Min(1, stratum.Rule.FloorPerDay / Math.Max(stratum.AnsweredOfDay + stratum.Answered, 1));

    private static double Expected(IReadOnlyList<Stratum> strata, Func<int, double> probability)
    {
        double sum = 0;
        for (int i = 0; i < strata.Count; i++)
        {
            sum += probability(i) * strata[i].Answered * strata[i].Rule.Rubrics.Count;
        }

        return sum;
    }

    private static List<PlannedStratum> Planned(IReadOnlyList<Stratum> strata, double[] shares, Func<int, double> probability) =>
        [.. strata.Select((s, i) => new PlannedStratum(s, shares[i], Math.Clamp(probability(i), 0, 1)))];
}
