using Telemetry.Detection.Compare;
using Telemetry.DetectionQuality.Synthetic;

namespace Telemetry.DetectionQuality.Evaluate;

/// <summary>Replays keys of every shape of traffic: each once with faults and once without.</summary>
internal static class SyntheticRun
{
    private const int MinutesAWeek = 7 * 24 * 60;

    /// <summary>Runs all keys.</summary>
    /// <param name="shapes">Their traffic.</param>
    /// <param name="sensitivity">Of the detectors.</param>
    /// <param name="historyWeeks">Weeks to learn first.</param>
    /// <param name="weeks">Weeks that count.</param>
    /// <param name="copies">Keys of each shape.</param>
    /// <param name="seed">Of everything random; the same gives the same result.</param>
    public static QualityReport Of(IReadOnlyList<TrafficShape> shapes, Sensitivity sensitivity, double historyWeeks, double weeks, int copies, int seed)
    {
        KeyResult[] results =
        [
            .. shapes.SelectMany((shape, i) => Enumerable.Range(0, 2 * copies).Select(c => (Shape: shape, Seed: seed + (1000 * i) + (c / 2), WithFaults: c % 2 == 0)))
                .AsParallel().AsOrdered()
                .Select(k => KeyRun.Of(k.Shape, sensitivity, (int)(historyWeeks * MinutesAWeek), (int)(weeks * MinutesAWeek), k.WithFaults, k.Seed)),
        ];
        return new QualityReport([.. results.SelectMany(r => r.Outcomes)], [.. results.SelectMany(r => r.FalseAlarms)], results.Sum(r => r.OracleFalseAlarms), results.Sum(r => r.Weeks), sensitivity.OpenAt);
    }
}
