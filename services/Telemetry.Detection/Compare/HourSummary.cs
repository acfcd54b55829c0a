namespace Telemetry.Detection.Compare;

/// <summary>Gathers the minutes of an hour; hours of which too little is known are left out.</summary>
internal sealed class HourSummary
{
    private const int Fewest = 10;

    private readonly double[] _values = new double[60];
    private long _hour = long.MinValue;
    private int _count;

    /// <summary>Adds a minute's value. When it begins a new hour, gives the hour before it.</summary>
    public HourOfMinutes? Add(long minute, double value)
    {
        long hour = minute / 60;
        HourOfMinutes? done = null;
        if (hour != _hour)
        {
            done = _count >= Fewest ? Summarize() : null;
            _hour = hour;
            _count = 0;
        }

        if (_count < _values.Length)
        {
            _values[_count++] = value;
        }

        return done;
    }

    private HourOfMinutes Summarize()
    {
        Span<double> values = _values.AsSpan(0, _count);
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        values.Sort();
        return new HourOfMinutes(_hour, (values[(_count - 1) / 2] + values[_count / 2]) / 2, sum / _count);
    }
}
