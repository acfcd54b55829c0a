namespace Telemetry.DetectionQuality.Synthetic;

/// <summary>
/// How many standard deviations the best possible test could reach that knows the traffic exactly and looks at nothing but the fault's own minutes: the root of twice
/// the divergence between the two distributions. Where that is below what a detector must ask for to be quiet, nobody can find the fault in time.
/// </summary>
internal static class Detectability
{
    /// <summary>Of a fault in a traffic.</summary>
    public static double Of(TrafficShape shape, Fault fault)
    {
        double calls = 0;
        for (long minute = fault.Start; minute < fault.End; minute++)
        {
            calls += shape.Rate(minute);
        }

        double log = Math.Log(fault.Size);
        return fault.Kind switch
        {
            FaultKind.Silence => Math.Sqrt(2 * calls),
            FaultKind.TrafficUp => Poisson(calls, fault.Size),
            FaultKind.TrafficDown => Poisson(calls, 1 / fault.Size),
            FaultKind.Errors => Binomial(calls, TrafficShape.ErrorShare, fault.Size),
            FaultKind.Refusals => Binomial(calls, TrafficShape.RefusalShare, fault.Size),
            FaultKind.Truncation => Binomial(calls, TrafficShape.LengthShare, fault.Size),
            FaultKind.CacheDrop => TrafficShape.CachedShare * (1 - (1 / fault.Size)) / TrafficShape.CachedSpread * Math.Sqrt(calls),
            FaultKind.Quality => TrafficShape.ScoreMean * (1 - (1 / fault.Size)) / TrafficShape.ScoreSpread * Math.Sqrt(calls * TrafficShape.JudgedShare),
            FaultKind.Latency => log / TrafficShape.LatencySpread * Math.Sqrt(calls),
            FaultKind.FirstToken => log / TrafficShape.FirstTokenSpread * Math.Sqrt(calls),
            FaultKind.InputLength => log / TrafficShape.InputSpread * Math.Sqrt(calls),
            _ => log / TrafficShape.OutputSpread * Math.Sqrt(calls),
        };
    }

    /// <summary>The same when how the level wanders during the fault counts as noise, while it is known up to its first minute.</summary>
    public static double WithWalk(TrafficShape shape, Fault fault)
    {
        double wander = fault.Kind switch
        {
            FaultKind.TrafficUp or FaultKind.TrafficDown or FaultKind.Errors => shape.Wander,
            FaultKind.Latency or FaultKind.FirstToken => TrafficSeries.LatencyWander * shape.Wander,
            FaultKind.InputLength or FaultKind.OutputLength => TrafficSeries.LengthWander * shape.Wander,
            _ => 0,
        };
        double known = Of(shape, fault);
        double effect = Math.Log(fault.Size);
        double deviation = effect / Math.Max(known, 1e-9);
        return wander == 0 ? known : effect / Math.Sqrt((deviation * deviation) + (wander * wander * VarianceOfMean(fault.Minutes)));
    }

    // Of the mean over some minutes of a walk of unit variance that starts from where it is known to be.
    private static double VarianceOfMean(int minutes)
    {
        double sum = 0;
        for (int left = 1; left <= minutes; left++)
        {
            double weight = (1 - Math.Pow(TrafficSeries.Persistence, left)) / (1 - TrafficSeries.Persistence) / minutes;
            sum += weight * weight;
        }

        return (1 - (TrafficSeries.Persistence * TrafficSeries.Persistence)) * sum;
    }

    private static double Poisson(double mean, double factor) => Math.Sqrt(2 * mean * ((factor * Math.Log(factor)) - factor + 1));

    private static double Binomial(double calls, double share, double factor)
    {
        double q = Math.Min(1, share * factor);
        double rest = q >= 1 ? 0 : (1 - q) * Math.Log((1 - q) / (1 - share));
        return Math.Sqrt(2 * calls * ((q * Math.Log(q / share)) + rest));
    }
}
