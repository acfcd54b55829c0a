namespace Telemetry.Detection.Compare;

/// <summary>
/// How large the deviations of one window length are in ordinary times: their usual size, since neighbouring minutes depend on each other, and their largest ones of
/// the last three days, since tails are heavier than the normal distribution's.
/// </summary>
internal sealed class Calibration
{
    private const double HalfLife = 2880;
    private const double StartWeight = 120;
    private const double Clip = 9;
    private const double ClippedUnitVariance = 0.98;
    private const int Hours = 72;
    private static readonly double s_decay = Math.Pow(0.5, 1 / HalfLife);

    private readonly float[] _highest = new float[Hours];
    private readonly float[] _lowest = new float[Hours];
    private double _weight = StartWeight;
    private double _squares = StartWeight;
    private long _hour = long.MinValue;

    /// <summary>Deviations are divided by this; at least 1.</summary>
    public double Scale => Math.Sqrt(Math.Max(1, _squares / _weight / ClippedUnitVariance));

    /// <summary>The second largest hourly maximum of the last three days on one side: one hour may have been a fault that nobody noticed.</summary>
    public double Usual(bool up)
    {
        float first = 0;
        float second = 0;
        foreach (float value in up ? _highest : _lowest)
        {
            if (value > first)
            {
                (first, second) = (value, first);
            }
            else if (value > second)
            {
                second = value;
            }
        }

        return second;
    }

    /// <summary>Learns from a window of an ordinary time.</summary>
    /// <param name="minute">Its last minute.</param>
    /// <param name="z">Its deviation, not calibrated.</param>
    public void Learn(long minute, double z)
    {
        _weight = (_weight * s_decay) + 1;
        _squares = (_squares * s_decay) + Math.Min(z * z, Clip * Scale * Scale);
        int slot = Slot(minute);
        double calibrated = z / Scale;
        _highest[slot] = Math.Max(_highest[slot], (float)calibrated);
        _lowest[slot] = Math.Max(_lowest[slot], (float)-calibrated);
    }

    /// <summary>Forgets the hour at hand, because it turned out not to be ordinary.</summary>
    public void ForgetHour(long minute)
    {
        int slot = Slot(minute);
        _highest[slot] = 0;
        _lowest[slot] = 0;
    }

    private int Slot(long minute)
    {
        long hour = minute / 60;
        int slot = (int)(hour % Hours);
        if (hour != _hour)
        {
            _hour = hour;
            _highest[slot] = 0;
            _lowest[slot] = 0;
        }

        return slot;
    }
}
