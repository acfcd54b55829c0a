namespace Telemetry.Detection.Compare;

/// <summary>One window length, against the seasonal baseline or against what the minutes just before it add to it.</summary>
/// <param name="model">What is usual.</param>
/// <param name="minutes">Length of the window.</param>
/// <param name="openAt">Calibrated standard deviations that open an anomaly.</param>
/// <param name="isRelative">Whether the minutes just before it count: then a sudden change stands out although the level wanders.</param>
internal sealed class WindowWatch(ISeriesModel model, int minutes, double openAt, bool isRelative)
{
    private const int Before = 8;

    private readonly Persistence _persistence = new();

    /// <summary>Length of the window in minutes.</summary>
    public int Minutes => minutes;

    /// <summary>What its deviations are like in ordinary times.</summary>
    public Calibration Calibration { get; } = new();

    /// <summary>The window as it stands.</summary>
    public Comparison Compare(MinuteRing ring) => model.Compare(Window(ring), minutes, isRelative);

    /// <summary>What it says of one side.</summary>
    /// <param name="ring">The minutes.</param>
    /// <param name="comparison">Of the window as it stands.</param>
    /// <param name="up">The side.</param>
    /// <param name="strictness">Factor on what opens an anomaly.</param>
    /// <param name="tailMargin">How far it must exceed what was largest in ordinary times.</param>
    public SeriesVerdict Look(MinuteRing ring, Comparison comparison, bool up, double strictness, double tailMargin)
    {
        double scale = Calibration.Scale;
        double score = Math.Max(0, (up ? comparison.Z : -comparison.Z) / scale);
        double threshold = openAt * strictness;
        if (score > threshold)
        {
            threshold = Math.Max(threshold, tailMargin * Calibration.Usual(up));
        }

        return new SeriesVerdict(SeriesChange.None, up, minutes, score, threshold, scale, ring.Sum(minutes), comparison);
    }

    /// <summary>Learns from an ordinary time.</summary>
    public void Learn(MinuteRing ring, Comparison comparison, long minute)
    {
        Slot window = ring.Sum(minutes);
        if (window.Weight <= 0)
        {
            return;
        }

        Calibration.Learn(minute, comparison.Z);
        if (isRelative && ring.Sum(Before, minutes) is { Weight: > 0 } before)
        {
            _persistence.Learn(model.Difference(before), model.Difference(window));
        }
    }

    private Slot Window(MinuteRing ring)
    {
        Slot window = ring.Sum(minutes);
        if (!isRelative)
        {
            return window;
        }

        Slot before = ring.Sum(Before, minutes);
        return before.Weight <= 0 ? Slot.Empty(window.Minute) : model.Shift(window, _persistence.Share * model.Difference(before));
    }
}
