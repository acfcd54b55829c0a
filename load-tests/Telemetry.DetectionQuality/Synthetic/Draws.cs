namespace Telemetry.DetectionQuality.Synthetic;

/// <summary>Random draws, the same for the same seed.</summary>
internal sealed class Draws(int seed)
{
    private const int Exact = 60;
    private readonly Random _random = new(seed);
    private double[] _sample = new double[Exact];

    public double Uniform() => _random.NextDouble();

    public double Normal()
    {
        double u = 1 - _random.NextDouble();
        return Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * _random.NextDouble());
    }

    public int Poisson(double mean)
    {
        if (mean > Exact)
        {
            return Math.Max(0, (int)Math.Round(mean + (Math.Sqrt(mean) * Normal())));
        }

        double limit = Math.Exp(-mean);
        double product = _random.NextDouble();
        int events = 0;
        while (product > limit)
        {
            product *= _random.NextDouble();
            events++;
        }

        return events;
    }

    public int Binomial(int calls, double share)
    {
        if (calls * share > Exact && calls * (1 - share) > Exact)
        {
            return Math.Clamp((int)Math.Round((calls * share) + (Math.Sqrt(calls * share * (1 - share)) * Normal())), 0, calls);
        }

        if (calls > Exact)
        {
            return Math.Min(calls, Poisson(calls * share));
        }

        int events = 0;
        for (int i = 0; i < calls; i++)
        {
            events += _random.NextDouble() < share ? 1 : 0;
        }

        return events;
    }

    /// <summary>Median, 95th percentile and mean of so many log-normal values: drawn one by one where they are few, by their limit distributions where they are many.</summary>
    public (double Median, double P95, double Mean) LogNormal(int calls, double median, double spread)
    {
        if (calls > Exact)
        {
            const double MedianFactor = 1.2533;
            const double P95Factor = 2.113;
            const double Z95 = 1.6449;
            double root = Math.Sqrt(calls);
            double variation = Math.Sqrt(Math.Exp(spread * spread) - 1);
            return (
                median * Math.Exp(spread * MedianFactor / root * Normal()),
                median * Math.Exp(spread * (Z95 + (P95Factor / root * Normal()))),
                median * Math.Exp(spread * spread / 2) * Math.Max(0.05, 1 + (variation / root * Normal())));
        }

        double sum = 0;
        for (int i = 0; i < calls; i++)
        {
            _sample[i] = median * Math.Exp(spread * Normal());
            sum += _sample[i];
        }

        Array.Sort(_sample, 0, calls);
        return (_sample[(calls - 1) / 2], _sample[Math.Max(0, (int)Math.Ceiling(0.95 * calls) - 1)], sum / calls);
    }
}
