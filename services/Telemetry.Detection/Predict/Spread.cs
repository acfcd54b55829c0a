namespace Telemetry.Detection.Predict;

/// <summary>Standard deviation of the values so far, the latest ones first.</summary>
/// <param name="halfLife">Values after which one counts half.</param>
internal sealed class Spread(double halfLife)
{
    private readonly double _share = 1 - Math.Pow(0.5, 1 / halfLife);
    private double _count;
    private double _mean;
    private double _variance;

    /// <summary>Takes a value, and gives the standard deviation with it.</summary>
    public double Next(double value)
    {
        _count++;
        double share = Math.Max(_share, 1 / _count);
        double difference = value - _mean;
        _mean += share * difference;
        _variance += share * ((difference * (value - _mean)) - _variance);
        return Math.Sqrt(Math.Max(0, _variance));
    }
}
