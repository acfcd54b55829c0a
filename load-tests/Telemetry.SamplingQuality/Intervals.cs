namespace Telemetry.SamplingQuality;

/// <summary>Intervals for a mean between 0 and 1 that are meant to hold it in 95 of 100 cases.</summary>
public static class Intervals
{
    private const double Z = 1.959964;

    public static IReadOnlyList<(string Name, Func<QualitySums, (double Low, double High)> Of)> All { get; } =
        [("normal", Normal), ("t", Student), ("wilson", Wilson), ("wilson, t", WilsonStudent), ("score, t", ScoreStudent), ("shrunk, t", ShrunkStudent)];

    /// <summary>Mean and 1.96 standard errors.</summary>
    public static (double Low, double High) Normal(QualitySums sums) => Around(sums.Mean, Z * Math.Sqrt(Known(sums.Variance)));

    /// <summary>The same with Student's quantile for the effective number of traces.</summary>
    public static (double Low, double High) Student(QualitySums sums) => Around(sums.Mean, T(sums.EffectiveTraces - 1) * Math.Sqrt(Known(sums.Variance)));

    /// <summary>Wilson's interval, with the effective number of traces as the number of trials: the widest variance that scores between 0 and 1 can have.</summary>
    public static (double Low, double High) Wilson(QualitySums sums) => WilsonOf(sums.Mean, sums.EffectiveTraces, sums.Mean * (1 - sums.Mean), Z);

    /// <summary>The same with Student's quantile.</summary>
    public static (double Low, double High) WilsonStudent(QualitySums sums) => WilsonOf(sums.Mean, sums.EffectiveTraces, sums.Mean * (1 - sums.Mean), T(sums.EffectiveTraces - 1));

    /// <summary>Wilson's form with the variance that the scores have, and Student's quantile.</summary>
    public static (double Low, double High) ScoreStudent(QualitySums sums) => WilsonOf(sums.Mean, sums.EffectiveTraces, Known(sums.Variance) * sums.EffectiveTraces, T(sums.EffectiveTraces - 1));

    /// <summary>
    /// The variance that the scores have, shrunk towards the widest that they can have as if that had been seen on two more traces; then Wilson's form, which does not fall to nothing when all scores are equal.
    /// </summary>
    public static (double Low, double High) ShrunkStudent(QualitySums sums)
    {
        const double Prior = 2;
        double n = sums.EffectiveTraces;
        double centre = ((sums.Mean * n) + (Prior / 2)) / (n + Prior);
        double variance = ((Known(sums.Variance) * n * Math.Max(n - 1, 0)) + (Prior * centre * (1 - centre))) / (Math.Max(n - 1, 0) + Prior);
        return WilsonOf(sums.Mean, n, variance, T(n));
    }

    /// <summary>Student's 97.5 % quantile by its expansion (Abramowitz and Stegun 26.7.5), exact to 1 % from 2 degrees of freedom on.</summary>
    public static double T(double freedom)
    {
        double v = Math.Max(freedom, 1);
        return Z + ((Math.Pow(Z, 3) + Z) / (4 * v)) + (((5 * Math.Pow(Z, 5)) + (16 * Math.Pow(Z, 3)) + (3 * Z)) / (96 * v * v))
            + (((3 * Math.Pow(Z, 7)) + (19 * Math.Pow(Z, 5)) + (17 * Math.Pow(Z, 3)) - (15 * Z)) / (384 * v * v * v));
    }

    private static (double Low, double High) WilsonOf(double mean, double n, double variance, double z)
    {
        double centre = (mean + (z * z / (2 * n))) / (1 + (z * z / n));
        return Around(centre, z / (1 + (z * z / n)) * Math.Sqrt((variance / n) + (z * z / (4 * n * n))));
    }

    private static double Known(double variance) => double.IsNaN(variance) ? 0.25 : variance;

    private static (double Low, double High) Around(double centre, double half) => (Math.Max(0, centre - half), Math.Min(1, centre + half));
}
