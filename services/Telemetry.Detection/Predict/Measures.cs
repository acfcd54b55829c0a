namespace Telemetry.Detection.Predict;

/// <summary>The measures that are used.</summary>
internal static class Measures
{
    /// <summary>One of each.</summary>
    public static IEnumerable<IMeasure> All() =>
    [
        new LevelDistance(), new Step(), new MeanShift(12, 144), new MeanShift(48, 600), new RoughnessChange(24, 400), new ShapeDistance(24),
    ];
}

/// <summary>Distance from the mean of the past in its standard deviations, both forgetting slowly.</summary>
internal sealed class LevelDistance : IMeasure
{
    private double _n;
    private double _mean;
    private double _variance;

    public double Next(double value)
    {
        _n++;
        double difference = value - _mean;
        double z = _n < 10 || _variance <= 0 ? 0 : Math.Abs(difference) / Math.Sqrt(_variance);
        double rate = 1 / Math.Min(_n, 2000);
        _mean += rate * difference;
        _variance = (1 - rate) * (_variance + (rate * difference * difference));
        return z;
    }
}

/// <summary>Difference to the value before.</summary>
internal sealed class Step : IMeasure
{
    private double? _before;

    public double Next(double value)
    {
        double step = _before is { } before ? Math.Abs(value - before) : 0;
        _before = value;
        return step;
    }
}

/// <summary>How far the mean of the latest values lies from that of the many before.</summary>
internal sealed class MeanShift(int latest, int before) : IMeasure
{
    private readonly Queue<double> _latest = new();
    private readonly Queue<double> _before = new();
    private double _latestSum;
    private double _beforeSum;

    public double Next(double value)
    {
        _latest.Enqueue(value);
        _latestSum += value;
        if (_latest.Count > latest)
        {
            double moved = _latest.Dequeue();
            _latestSum -= moved;
            _before.Enqueue(moved);
            _beforeSum += moved;
            if (_before.Count > before)
            {
                _beforeSum -= _before.Dequeue();
            }
        }

        return _before.Count < latest ? 0 : Math.Abs((_latestSum / _latest.Count) - (_beforeSum / _before.Count));
    }
}

/// <summary>How far the mean step of the latest values lies from that of the many before.</summary>
internal sealed class RoughnessChange(int latest, int before) : IMeasure
{
    private readonly MeanShift _shift = new(latest, before);
    private double? _last;

    public double Next(double value)
    {
        double step = _last is { } last ? Math.Abs(value - last) : 0;
        _last = value;
        return _shift.Next(step);
    }
}

/// <summary>Distance of the latest values from the most similar stretch of the past.</summary>
internal sealed class ShapeDistance(int length) : IMeasure
{
    private const int Most = 8000;
    private readonly List<double> _values = [];

    public double Next(double value)
    {
        _values.Add(value);
        int end = _values.Count - length;
        if (end < 4 * length)
        {
            return 0;
        }

        double nearest = double.PositiveInfinity;
        for (int at = Math.Max(0, end - Most); at < end - length; at++)
        {
            double sum = 0;
            for (int i = length - 1; i >= 0 && sum < nearest; i--)
            {
                double d = _values[at + i] - _values[end + i];
                sum += d * d;
            }

            nearest = Math.Min(nearest, sum);
        }

        return Math.Sqrt(nearest);
    }
}
