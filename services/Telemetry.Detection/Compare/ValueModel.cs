namespace Telemetry.Detection.Compare;

/// <summary>
/// A value a minute, logarithmic or not: a seasonal profile, corrected by how the last hours lay against it. The variance of a minute is a part of its own and a
/// part that shrinks with the number of calls; both are learned.
/// </summary>
/// <param name="isLogarithmic">Whether differences are of logarithms.</param>
internal sealed class ValueModel(bool isLogarithmic) : ISeriesModel
{
    private const double HalfLife = 120;
    private const double TrustedLevel = 10;
    private const double LevelUncertainty = 0.03;
    private const double Outlier = 3.5;
    private const int FirstMinutes = 31;
    private const double Smallest = 1e-9;
    private static readonly double s_decay = Math.Pow(0.5, 1 / HalfLife);

    private readonly SeasonalProfile _profile = new();
    private readonly HourSummary _hour = new();
    private readonly MinuteVariance _variance = new(isLogarithmic ? 0.25 : 0.01);
    private double _levelSum;
    private double _levelWeight;

    /// <inheritdoc />
    public double Learned => _profile.Minutes;

    /// <inheritdoc />
    public Slot Expect(long minute, double value, double calls)
    {
        if (double.IsNaN(value) || calls <= 0)
        {
            return Slot.Empty(minute);
        }

        double scaled = Scale(value);
        double expected = Learned == 0 ? scaled : _profile.At(minute) + Level;
        double weight = 1 / _variance.Of(calls);
        double step = (_profile.Later(minute) - _profile.Earlier(minute)) / 2;
        return new Slot(minute, (scaled - expected) * weight, expected * weight, weight, step * step * weight, calls);
    }

    /// <inheritdoc />
    public Comparison Compare(Slot window, int minutes, bool isShifted)
    {
        if (window.Weight <= 0)
        {
            return Comparison.None;
        }

        double difference = window.Observed / window.Weight;
        double expected = window.Expected / window.Weight;
        double deviation = Math.Sqrt((1 / window.Weight) + (LevelUncertainty * LevelUncertainty) + (_variance.Own / (1 + _levelWeight)) + (window.Slack / window.Weight));
        return new Comparison(difference / deviation, Show(expected + difference), Show(expected), deviation, difference, isLogarithmic);
    }

    /// <inheritdoc />
    public double Difference(Slot window) => window.Observed / (window.Weight + (1 / _variance.Own));

    /// <inheritdoc />
    public Slot Shift(Slot window, double by) => window with { Observed = window.Observed - (by * window.Weight), Expected = window.Expected + (by * window.Weight) };

    /// <inheritdoc />
    public void Learn(Slot slot)
    {
        if (slot.Weight <= 0)
        {
            return;
        }

        double difference = slot.Observed / slot.Weight;
        double scaled = (slot.Expected / slot.Weight) + difference;
        double deviation = Math.Sqrt(1 / slot.Weight);
        double usual = _profile.Minutes == 0 ? scaled : _profile.At(slot.Minute);
        double level = Level;
        // The first ones were compared with themselves, because nothing had been learned yet.
        _variance.Learn(Learned < FirstMinutes ? scaled - usual - level : difference, slot.Calls);
        double clipped = Math.Clamp(scaled - usual, level - (Outlier * deviation), level + (Outlier * deviation));
        double trust = Math.Min(1, _variance.Own * slot.Weight);
        _levelSum = (_levelSum * s_decay) + (trust * clipped);
        _levelWeight = (_levelWeight * s_decay) + trust;
        _profile.AddMinute(scaled);
    }

    /// <inheritdoc />
    public void LearnSeason(Slot slot)
    {
        if (slot.Weight > 0 && _hour.Add(slot.Minute, (slot.Expected + slot.Observed) / slot.Weight) is { } hour)
        {
            _profile.AddHour(hour.Hour, hour.Median);
        }
    }

    /// <inheritdoc />
    public void LearnHour(long hour, double value) => _profile.AddPastHour(hour, Scale(value));

    /// <inheritdoc />
    public void Accept(Slot window)
    {
        if (window.Weight > 0)
        {
            double level = Level + (window.Observed / window.Weight);
            _levelWeight = Math.Max(_levelWeight, TrustedLevel * 10);
            _levelSum = level * (_levelWeight + TrustedLevel);
        }
    }

    private double Level => _levelSum / (_levelWeight + TrustedLevel);

    private double Scale(double value) => isLogarithmic ? Math.Log(Math.Max(value, Smallest)) : value;

    private double Show(double scaled) => isLogarithmic ? Math.Exp(scaled) : scaled;
}
