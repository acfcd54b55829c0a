namespace Telemetry.Detection.Compare;

/// <summary>
/// Variance of a minute as a function of its calls: own + each / calls, fitted to the squares of the differences, latest first. Where the number of calls hardly
/// changes, the two cannot be told apart; then half is put down to each.
/// </summary>
/// <param name="start">The variance of a minute with one call before anything is known.</param>
internal sealed class MinuteVariance(double start)
{
    private const double HalfLife = 1440;
    private const double StartWeight = 5;
    private const double Clip = 12;
    private const double Smallest = 1e-6;
    private static readonly double s_decay = Math.Pow(0.5, 1 / HalfLife);

    private double _n = StartWeight;
    private double _u = StartWeight;
    private double _uu = StartWeight;
    private double _v = StartWeight * start;
    private double _uv = StartWeight * start;
    private double _own = start / 2;
    private double _each = start / 2;

    /// <summary>The part of an average minute.</summary>
    public double Own => _v / _n;

    /// <summary>The variance of a minute with so many calls.</summary>
    public double Of(double calls) => Math.Max(Smallest, _own + (_each / calls));

    /// <summary>Learns from the difference of a minute.</summary>
    public void Learn(double difference, double calls)
    {
        double u = 1 / calls;
        double v = Math.Min(difference * difference, Clip * Of(calls));
        _n = (_n * s_decay) + 1;
        _u = (_u * s_decay) + u;
        _uu = (_uu * s_decay) + (u * u);
        _v = (_v * s_decay) + v;
        _uv = (_uv * s_decay) + (u * v);
        Fit();
    }

    private void Fit()
    {
        double mean = _v / _n;
        double meanU = _u / _n;
        double spread = (_uu / _n) - (meanU * meanU);
        double each = mean / meanU / 2;
        if (spread > 0.04 * meanU * meanU)
        {
            each = Math.Clamp(((_uv / _n) - (mean * meanU)) / spread, 0, mean / meanU);
        }

        _each = each;
        _own = Math.Max(0, mean - (each * meanU));
    }
}
