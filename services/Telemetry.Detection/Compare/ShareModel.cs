namespace Telemetry.Detection.Compare;

/// <summary>Some of the calls: a share that changes over half a day or so. A window is compared by its binomial deviance.</summary>
internal sealed class ShareModel : ISeriesModel
{
    private const double HalfLife = 720;
    private const double PriorCalls = 50;
    private const double PriorShare = 0.01;
    private const double ShareUncertainty = 0.08;
    private static readonly double s_decay = Math.Pow(0.5, 1 / HalfLife);

    private double _events = PriorCalls * PriorShare;
    private double _calls = PriorCalls;

    /// <inheritdoc />
    public double Learned { get; private set; }

    /// <inheritdoc />
    public Slot Expect(long minute, double value, double calls) => calls > 0 ? new Slot(minute, value, calls, 1, 0, calls) : Slot.Empty(minute);

    /// <inheritdoc />
    public Comparison Compare(Slot window, int minutes, bool isShifted)
    {
        double calls = window.Expected;
        if (calls <= 0)
        {
            return Comparison.None;
        }

        double share = Math.Clamp(_events / _calls, 1e-5, 1 - 1e-5);
        double spread = 1 + (calls / _calls) + (ShareUncertainty * ShareUncertainty * calls * share);
        double z = Deviance.Binomial(window.Observed, calls, share) / Math.Sqrt(spread);
        double observed = window.Observed / calls;
        return new Comparison(z, observed, share, Math.Sqrt(spread * share * (1 - share) / calls), observed - share, IsLogarithmic: false);
    }

    /// <inheritdoc />
    public double Difference(Slot window) => 0;

    /// <inheritdoc />
    public Slot Shift(Slot window, double by) => window;

    /// <inheritdoc />
    public void Learn(Slot slot)
    {
        Learned++;
        _events = (_events * s_decay) + slot.Observed;
        _calls = (_calls * s_decay) + slot.Expected;
        if (_calls < PriorCalls)
        {
            double missing = PriorCalls - _calls;
            _events += missing * Math.Max(PriorShare, _events / _calls);
            _calls = PriorCalls;
        }
    }

    /// <inheritdoc />
    public void LearnSeason(Slot slot)
    {
        // Shares of errors and the like follow no clock.
    }

    /// <inheritdoc />
    public void LearnHour(long hour, double value)
    {
        // The replayed minutes reach back further than it remembers.
    }

    /// <inheritdoc />
    public void Accept(Slot window)
    {
        if (window.Expected > 0)
        {
            _calls = Math.Max(window.Expected, PriorCalls);
            _events = _calls * window.Observed / window.Expected;
        }
    }
}
