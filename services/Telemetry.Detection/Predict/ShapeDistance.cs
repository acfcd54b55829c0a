namespace Telemetry.Detection.Predict;

/// <summary>Distance of the latest values from the most similar stretch of the past: large where the series does what it has never done.</summary>
/// <param name="length">Values in a stretch.</param>
internal sealed class ShapeDistance(int length)
{
    private const int Most = 8000;
    private const int StretchesToStart = 4;

    private readonly List<double> _values = [];

    /// <summary>Measures the stretch that ends with the next value of the series.</summary>
    public double Next(double value)
    {
        if (_values.Count >= 2 * Most)
        {
            _values.RemoveRange(0, Most - length);
        }

        _values.Add(value);
        int end = _values.Count - length;
        if (end < StretchesToStart * length)
        {
            return 0;
        }

        double nearest = double.PositiveInfinity;
        for (int at = Math.Max(0, end - Most); at < end - length; at++)
        {
            nearest = Math.Min(nearest, Distance(at, end, nearest));
        }

        return Math.Sqrt(nearest);
    }

    // From the latest value back, because a stretch that differs does so most often at its end.
    private double Distance(int at, int end, double limit)
    {
        double sum = 0;
        for (int i = length - 1; i >= 0 && sum < limit; i--)
        {
            double difference = _values[at + i] - _values[end + i];
            sum += difference * difference;
        }

        return sum;
    }
}
