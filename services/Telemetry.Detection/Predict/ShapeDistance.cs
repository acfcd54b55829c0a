namespace Telemetry.Detection.Predict;

/// <summary>
/// Distance of the latest values from the most similar stretch of the past: large where the series does what it has not done before. A stretch is compared by the
/// means of its segments, so that a long one costs no more than a short one and noise within a segment does not count.
/// </summary>
/// <param name="segment">Values in a segment.</param>
/// <param name="segments">Segments in a stretch.</param>
internal sealed class ShapeDistance(int segment, int segments)
{
    private const int Memory = 4000;
    private const int StretchesToStart = 2;

    private readonly int _length = segment * segments;
    private readonly int _step = Math.Max(1, segment / 2);
    private readonly double[] _values = new double[segment];

    // Means of the segments that end at each value, the latest last; twice the memory, so that it is seldom moved.
    private readonly float[] _means = new float[2 * (Memory + (segment * segments))];
    private int _count;
    private long _next;

    /// <summary>
    /// Measures the stretch that ends with the next value of the series: root of the mean square of the differences, in the unit of the series; null while there is no
    /// stretch in the past to compare it with.
    /// </summary>
    public double? Next(double value)
    {
        Add(value);
        if (_next < StretchesToStart * _length)
        {
            return null;
        }

        // Of the stretches of the past every half segment's counts, always the same ones.
        long first = _next - _count;
        int newest = (int)(((_next - 1 - _length) / _step * _step) - first);
        int oldest = Math.Max(_length - 1, _count - 1 - Memory);
        double nearest = double.PositiveInfinity;
        for (int end = newest; end >= oldest; end -= _step)
        {
            nearest = Math.Min(nearest, Distance(_count - 1, end, nearest));
        }

        return double.IsInfinity(nearest) ? null : Math.Sqrt(nearest / segments);
    }

    // Added up anew, because of a running sum what rounding leaves behind of a very large value would stay for ever.
    private void Add(double value)
    {
        _values[_next % segment] = value;
        double sum = 0;
        foreach (double each in _values)
        {
            sum += each;
        }

        if (_count == _means.Length)
        {
            int kept = _means.Length / 2;
            Array.Copy(_means, _count - kept, _means, 0, kept);
            _count = kept;
        }

        _means[_count++] = (float)(sum / segment);
        _next++;
    }

    // From the latest segment back, because a stretch that differs does so most often at its end.
    private double Distance(int here, int there, double limit)
    {
        double sum = 0;
        for (int i = 0; i < segments && sum < limit; i++, here -= segment, there -= segment)
        {
            double difference = _means[here] - _means[there];
            sum += difference * difference;
        }

        return sum;
    }
}
