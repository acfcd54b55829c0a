namespace Telemetry.Detection.Compare;

/// <summary>
/// What is usual at an hour: the median of the same hour of the week over four weeks, drawn towards the median of the same hour of the day over seven days, and
/// that towards the overall mean, while there is little history. Between the middles of hours it is interpolated, so that an hour's end is no step.
/// </summary>
internal sealed class SeasonalProfile
{
    private const int Weeks = 4;
    private const int Days = 7;
    private const int HoursApart = 3;
    private const int HoursADay = 24;
    private const int HoursAWeek = HoursADay * Days;
    private const double DaysForHalf = 1;
    private const double WeeksForHalf = 0.3;
    private const double LongestMemory = 1440;

    private readonly float[] _week = NewBins(HoursAWeek * Weeks);
    private readonly float[] _day = NewBins(HoursADay * Days);
    private readonly double[] _hours = new double[HoursAWeek];
    // An hour enters when nothing is interpolated from it any more: what is odd for hours must not be usual because it has been odd for one.
    private readonly Queue<(long Hour, double Value)> _fresh = new();
    private double _mean;
    private double _minutes;
    private long _lastHour = long.MinValue;

    /// <summary>Minutes that it has learned.</summary>
    public double Minutes => _minutes;

    /// <summary>Learns one minute's value, for the overall mean.</summary>
    public void AddMinute(double value)
    {
        _minutes++;
        _mean += (value - _mean) / Math.Min(_minutes, LongestMemory);
        if (_lastHour == long.MinValue)
        {
            Array.Fill(_hours, _mean);
        }
    }

    /// <summary>Learns a whole hour.</summary>
    /// <param name="hour">Hours since 1970.</param>
    /// <param name="value">What was usual in it.</param>
    public void AddHour(long hour, double value)
    {
        _fresh.Enqueue((hour, value));
        while (_fresh.Peek() is var (known, usual) && hour - known >= HoursApart)
        {
            _fresh.Dequeue();
            Enter(known, usual);
        }
    }

    /// <summary>Learns an hour of which the minutes are not known; hours come in order, and before the minutes.</summary>
    public void AddPastHour(long hour, double value)
    {
        const int MinutesAnHour = 60;
        _minutes += MinutesAnHour;
        _mean += (value - _mean) * Math.Min(1, MinutesAnHour / Math.Min(_minutes, LongestMemory));
        AddHour(hour, value);
    }

    /// <summary>What is usual at a minute.</summary>
    /// <param name="minute">Minutes since 1970.</param>
    public double At(long minute)
    {
        const long HalfAnHour = 30;
        long hour = Math.DivRem(minute - HalfAnHour, 60, out long past);
        double share = (past + 0.5) / 60;
        return (_hours[Index(hour, HoursAWeek)] * (1 - share)) + (_hours[Index(hour + 1, HoursAWeek)] * share);
    }

    /// <summary>What is usual half an hour before a minute.</summary>
    public double Earlier(long minute) => At(minute - 30);

    /// <summary>What is usual half an hour after a minute.</summary>
    public double Later(long minute) => At(minute + 30);

    /// <summary>In how many of the last weeks the hour of a minute was seen.</summary>
    public int WeeksKnown(long minute)
    {
        int known = 0;
        foreach (float value in _week.AsSpan((int)Index(minute / 60, HoursAWeek) * Weeks, Weeks))
        {
            known += float.IsNaN(value) ? 0 : 1;
        }

        return known;
    }

    private void Enter(long hour, double value)
    {
        _week[(int)((Index(hour, HoursAWeek) * Weeks) + Index(hour / HoursAWeek, Weeks))] = (float)value;
        _day[(int)((Index(hour, HoursADay) * Days) + Index(hour / HoursADay, Days))] = (float)value;
        _lastHour = hour;
        Refresh();
    }

    // A new hour changes its own bin, its hour of the day in the whole week, and the mean: few enough to do it all.
    private void Refresh()
    {
        Span<float> sorted = stackalloc float[Days];
        Span<double> days = stackalloc double[HoursADay];
        for (int hour = 0; hour < HoursADay; hour++)
        {
            int count = Sort(_day.AsSpan(hour * Days, Days), sorted);
            days[hour] = count == 0 ? _mean : Draw(Median(sorted[..count]), count, _mean, DaysForHalf);
        }

        for (int hour = 0; hour < HoursAWeek; hour++)
        {
            int count = Sort(_week.AsSpan(hour * Weeks, Weeks), sorted);
            double day = days[hour % HoursADay];
            _hours[hour] = count == 0 ? day : Draw(Median(sorted[..count]), count, day, WeeksForHalf);
        }
    }

    private static double Draw(double own, int count, double parent, double forHalf) => ((own * count) + (parent * forHalf)) / (count + forHalf);

    private static int Sort(ReadOnlySpan<float> bins, Span<float> sorted)
    {
        int count = 0;
        foreach (float value in bins)
        {
            if (!float.IsNaN(value))
            {
                sorted[count++] = value;
            }
        }

        sorted[..count].Sort();
        return count;
    }

    private static double Median(ReadOnlySpan<float> sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;

    private static long Index(long value, int length) => ((value % length) + length) % length;

    private static float[] NewBins(int length)
    {
        var bins = new float[length];
        Array.Fill(bins, float.NaN);
        return bins;
    }
}
