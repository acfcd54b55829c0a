namespace Telemetry.Detection.Compare;

/// <summary>How much of the difference just before a window lives on in it, in ordinary times: a regression through the origin, latest first.</summary>
internal sealed class Persistence
{
    private const double HalfLife = 2880;
    private const double StartWeight = 60;
    private const double StartVariance = 0.01;
    private const double Clip = 9;
    private static readonly double s_decay = Math.Pow(0.5, 1 / HalfLife);

    private double _weight = StartWeight;
    private double _squares = StartWeight * StartVariance;
    private double _products;

    /// <summary>The share that lives on; 0 to 1.</summary>
    public double Share => Math.Clamp(_products / _squares, 0, 1);

    /// <summary>Learns from a window and what was before it.</summary>
    public void Learn(double before, double window)
    {
        double limit = Math.Sqrt(Clip * _squares / _weight);
        before = Math.Clamp(before, -limit, limit);
        window = Math.Clamp(window, -limit, limit);
        _weight = (_weight * s_decay) + 1;
        _squares = (_squares * s_decay) + (before * before);
        _products = (_products * s_decay) + (before * window);
    }
}
