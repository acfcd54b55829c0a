using Telemetry.DetectionQuality.Synthetic;

namespace Telemetry.DetectionQuality.Evaluate;

/// <summary>The oracles of one key, one for each kind of fault, over the same minutes as the detectors.</summary>
/// <param name="shape">The traffic.</param>
/// <param name="falsePerWeek">False alarms a week that all of them together may give.</param>
/// <param name="size">Size of the faults that they know.</param>
/// <param name="minutes">Length of those.</param>
internal sealed class OracleRun(TrafficShape shape, double falsePerWeek, double size, int minutes)
{
    private static readonly FaultKind[] s_kinds = Enum.GetValues<FaultKind>();

    private readonly Oracle[] _oracles = [.. s_kinds.Select(k => new Oracle(shape, k, size, minutes))];
    private readonly bool[] _isRaised = new bool[s_kinds.Length];
    private readonly double _threshold = Oracle.Threshold(falsePerWeek / s_kinds.Length);

    /// <summary>Alarms that began without a fault.</summary>
    public int FalseAlarms { get; private set; }

    /// <summary>Whether a fault has such an oracle at all.</summary>
    public bool Knows(Fault fault) => fault.Size == size && fault.Minutes == minutes;

    /// <summary>Looks at a minute; gives whether the kind of the fault at hand is told.</summary>
    /// <param name="series">The series that has just been drawn.</param>
    /// <param name="fault">The fault at hand or just over; null without one.</param>
    /// <param name="values">The minute.</param>
    /// <param name="counts">Whether false alarms count.</param>
    public bool Next(TrafficSeries series, Fault? fault, ReadOnlySpan<(double Value, double Calls)> values, bool counts)
    {
        bool isTold = false;
        for (int i = 0; i < _oracles.Length; i++)
        {
            bool isRaised = _oracles[i].Next(series.Truth, values) >= _threshold;
            FalseAlarms += counts && fault is null && isRaised && !_isRaised[i] ? 1 : 0;
            isTold |= isRaised && fault?.Kind == s_kinds[i];
            _isRaised[i] = isRaised;
        }

        return isTold;
    }
}
