namespace Telemetry.Detection.Predict;

/// <summary>
/// How unusual a nonnegative measure is against its own past: its ratio to the largest ones so far, which are slowly forgotten. Measures with light tails and with
/// heavy ones become comparable, without any assumption on the distribution.
/// </summary>
/// <param name="halfLife">Steps after which a record stands out half as far.</param>
/// <param name="quiet">Steps at the beginning of which nothing is said, because every one is a record.</param>
internal sealed class RecordScale(double halfLife, int quiet)
{
    private const double OutOfNothing = 10;
    private const double LeastOverMean = 2;
    private const double LongestMemory = 2000;

    private readonly double _decay = Math.Pow(0.5, 1 / halfLife);
    private double _first;
    private double _second;
    private double _mean;
    private double _steps;

    /// <summary>The ratio of a measure to the past; then it becomes part of the past.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="least">What the past counts at least.</param>
    public double Next(double measure, double least = 0)
    {
        double record = Math.Max(Math.Max((_first + _second) / 2, LeastOverMean * _mean), least);
        double ratio = _steps < quiet ? 0 : record > 0 ? measure / record : measure > 0 ? OutOfNothing : 0;
        _steps++;
        _mean += (measure - _mean) / Math.Min(_steps, LongestMemory);
        _first = _mean + ((_first - _mean) * _decay);
        _second = _mean + ((_second - _mean) * _decay);
        if (measure > _first)
        {
            (_first, _second) = (measure, _first);
        }
        else if (measure > _second)
        {
            _second = measure;
        }

        return ratio;
    }
}
