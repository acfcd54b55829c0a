namespace Telemetry.Detection.Compare;

/// <summary>
/// Signed square roots of deviances, with a correction for counts being whole: close to standard normal where the plain difference over its standard deviation is
/// far from it, that is where few events are expected. Source: McCullagh and Nelder, Generalized Linear Models, 2nd edition, section 2.4.
/// </summary>
internal static class Deviance
{
    /// <summary>Of events against the number expected.</summary>
    public static double Poisson(double events, double expected)
    {
        double k = TowardsExpected(events, expected);
        double deviance = 2 * (Term(k, expected) - (k - expected));
        return Math.Sign(k - expected) * Math.Sqrt(Math.Max(0, deviance));
    }

    /// <summary>Of events among calls against a share.</summary>
    public static double Binomial(double events, double calls, double share)
    {
        double expected = calls * share;
        double k = Math.Clamp(TowardsExpected(events, expected), 0, calls);
        double deviance = 2 * (Term(k, expected) + Term(calls - k, calls - expected));
        return Math.Sign(k - expected) * Math.Sqrt(Math.Max(0, deviance));
    }

    private static double TowardsExpected(double events, double expected) => events > expected ? Math.Max(expected, events - 0.5) : Math.Min(expected, events + 0.5);

    private static double Term(double k, double expected) => k <= 0 ? 0 : k * Math.Log(k / Math.Max(expected, double.Epsilon));
}
