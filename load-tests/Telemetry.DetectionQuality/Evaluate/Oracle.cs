using Telemetry.Detection.Model;
using Telemetry.DetectionQuality.Synthetic;

namespace Telemetry.DetectionQuality.Evaluate;

/// <summary>
/// The likelihood ratio test of Neyman and Pearson for one fault of known kind, size and length but unknown start, by somebody who knows every true parameter of each
/// minute, the random walks too. No detector can do better at its rate of false alarms. Where the data are means or medians, their true distribution is taken as normal.
/// </summary>
/// <param name="shape">The traffic.</param>
/// <param name="kind">Kind of the fault.</param>
/// <param name="size">Its size.</param>
/// <param name="minutes">Its length.</param>
internal sealed class Oracle(TrafficShape shape, FaultKind kind, double size, int minutes)
{
    private const double MedianFactor = 1.2533;

    private readonly double[] _ratios = new double[minutes];
    private int _next;

    /// <summary>
    /// The threshold at which it gives at most so many false alarms a week: under the null hypothesis the mean of a likelihood ratio is 1, so each possible start
    /// exceeds it with at most its inverse probability (Markov's inequality, for the maximum over the minutes of a fault Ville's).
    /// </summary>
    /// <param name="perWeek">False alarms a week.</param>
    public static double Threshold(double perWeek) => Math.Log(7 * 24 * 60 / perWeek);

    /// <summary>The largest logarithm of the likelihood ratio of a fault that has begun within its length.</summary>
    public double Next(MinuteTruth truth, ReadOnlySpan<(double Value, double Calls)> values)
    {
        _ratios[_next++ % minutes] = Ratio(truth, values);
        double sum = 0;
        double best = 0;
        for (int back = 1; back <= Math.Min(minutes, _next); back++)
        {
            sum += _ratios[(_next - back) % minutes];
            best = Math.Max(best, sum);
        }

        return best;
    }

    private double Ratio(MinuteTruth truth, ReadOnlySpan<(double Value, double Calls)> values)
    {
        double calls = values[(int)Metric.RequestRate].Value;
        return kind switch
        {
            FaultKind.TrafficUp => Count(calls, truth.Rate, size),
            FaultKind.TrafficDown => Count(calls, truth.Rate, 1 / size),
            FaultKind.Silence => calls > 0 ? -1e9 : truth.Rate,
            FaultKind.Errors => Share(values[(int)Metric.ErrorRate], TrafficShape.ErrorShare * Math.Exp(truth.ErrorWalk)),
            FaultKind.Refusals => Share(values[(int)Metric.RefusalRate], TrafficShape.RefusalShare),
            FaultKind.Truncation => Share(values[(int)Metric.LengthRate], TrafficShape.LengthShare),
            FaultKind.Latency => Median(values[(int)Metric.LatencyP50], TrafficShape.LatencyMs, truth.LatencyWalk, TrafficShape.LatencySpread),
            FaultKind.FirstToken => Median(values[(int)Metric.TtftP50], TrafficShape.FirstTokenMs, truth.LatencyWalk, TrafficShape.FirstTokenSpread),
            FaultKind.InputLength => Mean(values[(int)Metric.InputTokens], TrafficShape.InputTokens, truth.LengthWalk, TrafficShape.InputSpread),
            FaultKind.OutputLength => Mean(values[(int)Metric.OutputTokens], TrafficShape.OutputTokens, truth.LengthWalk, TrafficShape.OutputSpread),
            FaultKind.Cost => Cost(values),
            FaultKind.CacheDrop => Level(values[(int)Metric.CacheHitRate], TrafficShape.CachedShare, TrafficShape.CachedSpread),
            _ => Level(values[(int)Metric.Score], TrafficShape.ScoreMean, TrafficShape.ScoreSpread),
        };
    }

    // A minute may be a burst for no reason; the oracle knows how often, but not when.
    private double Count(double events, double rate, double factor)
    {
        const double Burst = 1.5;
        double Likelihood(double mean) => (events * Math.Log(mean)) - mean;
        double Of(double mean) => shape.Burst == 0 ? Likelihood(mean) : LogSum(Math.Log(1 - shape.Burst) + Likelihood(mean), Math.Log(shape.Burst) + Likelihood(mean * Burst));
        return Of(rate * factor) - Of(rate);
    }

    private double Share((double Value, double Calls) value, double share)
    {
        if (value.Calls <= 0)
        {
            return 0;
        }

        double faulty = Math.Min(0.999, share * size);
        return (value.Value * Math.Log(faulty / share)) + ((value.Calls - value.Value) * Math.Log((1 - faulty) / (1 - share)));
    }

    private double Median((double Value, double Calls) value, double level, double walk, double spread) =>
        value.Calls <= 0 ? 0 : Normal(Math.Log(value.Value / level) - walk, Math.Log(size), spread * (value.Calls < 3 ? 1 : MedianFactor) / Math.Sqrt(value.Calls));

    private double Mean((double Value, double Calls) value, double level, double walk, double spread)
    {
        if (value.Calls <= 0)
        {
            return 0;
        }

        // The logarithm of the mean of log-normal values, by the delta method.
        double variance = Math.Log(1 + ((Math.Exp(spread * spread) - 1) / value.Calls));
        return Normal(Math.Log(value.Value / level) - walk - (spread * spread / 2) + (variance / 2), Math.Log(size), Math.Sqrt(variance));
    }

    // Who knows both lengths knows the cost to the cent: a changed price is seen with the first call.
    private static double Cost(ReadOnlySpan<(double Value, double Calls)> values)
    {
        (double cost, double calls) = values[(int)Metric.CostPerRequest];
        double expected = (values[(int)Metric.InputTokens].Value * 0.5e-6) + (values[(int)Metric.OutputTokens].Value * 1.5e-6);
        return calls <= 0 ? 0 : cost > 1.01 * expected ? 1e9 : -1e9;
    }

    private double Level((double Value, double Calls) value, double level, double spread) =>
        value.Calls <= 0 ? 0 : Normal(value.Value - level, (level / size) - level, spread / Math.Sqrt(value.Calls));

    private static double Normal(double difference, double shift, double deviation) => shift * (difference - (shift / 2)) / (deviation * deviation);

    private static double LogSum(double a, double b) => Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));
}
