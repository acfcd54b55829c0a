namespace Telemetry.Detection.Compare;

/// <summary>
/// Events a minute: a seasonal rate, corrected by how busy the last hours were against it. A window is compared by its Poisson deviance, which keeps its tails
/// where few events are expected; the rate itself is not known better than to some percent.
/// </summary>
internal sealed class CountModel : ISeriesModel
{
    private const double HalfLife = 90;
    private const double RateUncertainty = 0.08;
    private const double ShiftedUncertainty = 0.03;
    private const double EventsOfTrust = 20;
    private const double HoursOfTrust = 3;
    private const int WeeksOfTrust = 3;

    // How steep Monday's beginning is, one Monday does not tell.
    private const double SteeperWhileYoung = 1.5;
    private const double Nothing = 1e-3;
    private static readonly double s_decay = Math.Pow(0.5, 1 / HalfLife);

    private readonly SeasonalProfile _profile = new();
    private readonly HourSummary _hour = new();
    private double _recent;
    private double _recentExpected;

    /// <inheritdoc />
    public double Learned => _profile.Minutes;

    /// <inheritdoc />
    public Slot Expect(long minute, double value, double calls)
    {
        double usual = Usual(minute);
        double step = Math.Log((_profile.Later(minute) + 1) / (_profile.Earlier(minute) + 1)) / 2;
        step *= _profile.WeeksKnown(minute) < WeeksOfTrust ? SteeperWhileYoung : 1;
        return new Slot(minute, value, usual * Busy, 1, step * step, calls);
    }

    /// <inheritdoc />
    public Comparison Compare(Slot window, int minutes, bool isShifted)
    {
        if (window.Weight <= 0)
        {
            return Comparison.None;
        }

        double expected = Math.Max(window.Expected, Nothing);
        double rate = expected / window.Weight;
        double known = isShifted ? ShiftedUncertainty : RateUncertainty;
        double relative = (known * known) + (1 / ((HoursOfTrust * 60 * rate) + 1)) + (window.Slack / window.Weight);
        double spread = 1 + (relative * expected);
        double z = Deviance.Poisson(window.Observed, expected) / Math.Sqrt(spread);
        double effect = Math.Log((window.Observed + 0.5) / (expected + 0.5));
        return new Comparison(z, window.Observed / window.Weight, rate, Math.Sqrt(spread / expected), effect, IsLogarithmic: true);
    }

    /// <inheritdoc />
    public double Difference(Slot window) => Math.Log((window.Observed + EventsOfTrust) / (window.Expected + EventsOfTrust));

    /// <inheritdoc />
    public Slot Shift(Slot window, double by) => window with { Expected = window.Expected * Math.Exp(by) };

    /// <inheritdoc />
    public void Learn(Slot slot)
    {
        _recent = (_recent * s_decay) + slot.Observed;
        _recentExpected = (_recentExpected * s_decay) + Usual(slot.Minute);
        _profile.AddMinute(slot.Observed);
    }

    /// <inheritdoc />
    public void LearnSeason(Slot slot)
    {
        if (slot.Weight > 0 && _hour.Add(slot.Minute, slot.Observed) is { } hour)
        {
            _profile.AddHour(hour.Hour, hour.IsSparse ? hour.Mean : hour.Median);
        }
    }

    /// <inheritdoc />
    public void LearnHour(long hour, double value) => _profile.AddPastHour(hour, value);

    /// <inheritdoc />
    public void Accept(Slot window)
    {
        double share = (window.Observed + 1) / (Math.Max(window.Expected, Nothing) + 1);
        double trust = Math.Max(_recentExpected, EventsOfTrust);
        _recent = trust * share * Busy;
        _recentExpected = trust;
    }

    private double Busy => (_recent + EventsOfTrust) / (_recentExpected + EventsOfTrust);

    private double Usual(long minute) => Math.Max(_profile.At(minute), Nothing);
}
