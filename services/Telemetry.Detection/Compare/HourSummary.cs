namespace Telemetry.Detection.Compare;

/// <summary>Gathers the minutes of an hour; hours of which too little is known are left out.</summary>
internal sealed class HourSummary
{
    private const int Fewest = 10;

    private readonly double[] _values = new double[60];
    private readonly double[] _sorted = new double[60];
    private long _hour = long.MinValue;
    private int _count;

    /// <summary>Adds a minute's value. When it begins a new hour, gives the hour before it: its median, or its mean.</summary>
    public (long Hour, double Value)? Add(long minute, double value, bool mean)
    {
        long hour = minute / 60;
        (long, double)? done = null;
        if (hour != _hour)
        {
            done = _count >= Fewest ? (_hour, mean ? Mean() : Median()) : null;
            _hour = hour;
            _count = 0;
        }

        if (_count < _values.Length)
        {
            _values[_count++] = value;
        }

        return done;
    }

    private double Mean()
    {
        double sum = 0;
        foreach (double value in _values.AsSpan(0, _count))
        {
            sum += value;
        }

        return sum / _count;
    }

    private double Median()
    {
        Span<double> sorted = _sorted.AsSpan(0, _count);
        _values.AsSpan(0, _count).CopyTo(sorted);
        sorted.Sort();
        return (sorted[(_count - 1) / 2] + sorted[_count / 2]) / 2;
    }
}
