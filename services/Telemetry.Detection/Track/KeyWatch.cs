using Telemetry.Detection.Compare;
using Telemetry.Detection.Model;

namespace Telemetry.Detection.Track;

/// <summary>Watches one key: a detector for each metric.</summary>
internal sealed class KeyWatch(MetricKey key, Sensitivity sensitivity)
{
    private readonly SeriesDetector[] _detectors = [.. MetricTraits.All.Where(t => t.Metric != Metric.Score).Select(t => new SeriesDetector(t, sensitivity))];
    private readonly Completeness _completeness = new();

    /// <summary>The key.</summary>
    public MetricKey Key => key;

    /// <summary>The detector of a metric.</summary>
    public SeriesDetector this[Metric metric] => _detectors[(int)metric];

    /// <summary>Observes a minute that was closed.</summary>
    /// <param name="stats">The minute.</param>
    /// <param name="age">How many closed minutes lie behind it; 0 for the latest.</param>
    /// <param name="isWhole">Whether all Processors have passed it; otherwise what is counted says nothing.</param>
    /// <param name="told">Takes what the detectors say.</param>
    public void Observe(MinuteStats stats, long age, bool isWhole, Action<Metric, SeriesVerdict> told)
    {
        if (isWhole)
        {
            _completeness.Read(stats.Minute, age, stats.Calls);
        }

        for (int i = 0; i < _detectors.Length; i++)
        {
            (double value, double calls) = Value(stats, (Metric)i, isWhole);
            SeriesVerdict verdict = _detectors[i].Observe(stats.Minute, value, calls, Complete((Metric)i, age));
            if (verdict.Change != SeriesChange.None)
            {
                told((Metric)i, verdict);
            }
        }
    }

    /// <summary>Corrects a minute by what came late.</summary>
    /// <param name="stats">The minute.</param>
    /// <param name="age">How many closed minutes lie behind it.</param>
    /// <param name="isWhole">Whether all Processors have passed it.</param>
    public void Amend(MinuteStats stats, long age, bool isWhole)
    {
        if (isWhole)
        {
            _completeness.Read(stats.Minute, age, stats.Calls);
        }

        for (int i = 0; i < _detectors.Length; i++)
        {
            (double value, double calls) = Value(stats, (Metric)i, isWhole);
            _detectors[i].Amend(stats.Minute, value, calls, Complete((Metric)i, age));
        }
    }

    private double Complete(Metric metric, long age) => metric == Metric.RequestRate ? _completeness.At(age) : 1;

    private static (double Value, double Calls) Value(MinuteStats stats, Metric metric, bool isWhole) =>
        !isWhole && metric is (Metric.RequestRate or Metric.SpendRate) ? (double.NaN, 0) : stats.Of(metric);
}
