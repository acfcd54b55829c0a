using Telemetry.Detection.Compare;
using Telemetry.Detection.Model;
using Telemetry.DetectionQuality.Synthetic;

namespace Telemetry.DetectionQuality.Evaluate;

/// <summary>Replays one key's series through the detectors of the product.</summary>
internal static class KeyRun
{
    private const int MinutesAWeek = 7 * 24 * 60;
    private const int Aftermath = 40;
    private const int Grace = 2;
    private const double OracleFalsePerWeek = 0.05;
    private const double OracleSize = 2;
    private const int OracleMinutes = 10;

    /// <summary>The first minute: Monday, 2 November 2026.</summary>
    public const long FirstMinute = 29_893_440;

    /// <summary>Runs a key.</summary>
    /// <param name="shape">Its traffic.</param>
    /// <param name="sensitivity">Of the detectors.</param>
    /// <param name="history">Minutes to learn first.</param>
    /// <param name="watched">Minutes that count.</param>
    /// <param name="withFaults">Whether faults are put in.</param>
    /// <param name="seed">Of everything random.</param>
    public static KeyResult Of(TrafficShape shape, Sensitivity sensitivity, int history, int watched, bool withFaults, int seed)
    {
        var series = new TrafficSeries(shape, seed);
        SeriesDetector[] detectors = [.. MetricTraits.All.Select(t => new SeriesDetector(t, sensitivity))];
        long first = FirstMinute + history;
        long end = first + watched;
        IReadOnlyList<Fault> faults = withFaults ? FaultPlan.Of(first, end, seed) : [];
        var oracle = new OracleRun(shape, OracleFalsePerWeek, OracleSize, OracleMinutes);
        var told = new int?[faults.Count];
        var toldByOracle = new bool?[faults.Count];
        var alarms = new int[faults.Count];
        var falseAlarms = new List<FalseAlarm>();
        var values = new (double Value, double Calls)[detectors.Length];
        long excluded = 0;
        int at = 0;
        for (long minute = FirstMinute; minute < end; minute++)
        {
            while (at < faults.Count && minute >= faults[at].End + Aftermath)
            {
                at++;
            }

            Fault? fault = at < faults.Count && minute >= faults[at].Start ? faults[at] : null;
            excluded += fault is null ? 0 : 1;
            series.Draw(minute, fault, values);
            if (oracle.Next(series, fault, values, minute >= first) && fault is not null && oracle.Knows(fault) && minute < fault.End + Grace)
            {
                toldByOracle[at] = true;
            }

            for (int m = 0; m < detectors.Length; m++)
            {
                SeriesVerdict verdict = detectors[m].Observe(minute, values[m].Value, values[m].Calls);
                if (verdict.Change != SeriesChange.Opened || minute < first)
                {
                    continue;
                }

                if (fault is null)
                {
                    falseAlarms.Add(new FalseAlarm(shape, (Metric)m, minute, verdict));
                }
                else if (fault.Metrics.Contains((Metric)m))
                {
                    alarms[at]++;
                    told[at] ??= minute < fault.End + Grace ? (int)(minute - fault.Start) + 1 : null;
                }
            }
        }

        return new KeyResult(
            [.. faults.Select((f, i) => new FaultOutcome(shape, f, Detectability.Of(shape, f), told[i], alarms[i], oracle.Knows(f) ? toldByOracle[i] ?? false : null, Detectability.WithWalk(shape, f)))], falseAlarms, oracle.FalseAlarms, (watched - excluded) / (double)MinutesAWeek);
    }
}
