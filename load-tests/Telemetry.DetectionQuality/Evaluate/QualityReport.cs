namespace Telemetry.DetectionQuality.Evaluate;

/// <summary>How good the detection was.</summary>
/// <param name="Outcomes">Every fault.</param>
/// <param name="FalseAlarms">Alarms without a fault.</param>
/// <param name="OracleFalseAlarms">Alarms of the oracles without a fault.</param>
/// <param name="KeyWeeks">Weeks that were watched, over all keys, without faults and what follows them.</param>
/// <param name="OpenAt">Standard deviations that opened an anomaly.</param>
internal sealed record QualityReport(IReadOnlyList<FaultOutcome> Outcomes, IReadOnlyList<FalseAlarm> FalseAlarms, int OracleFalseAlarms, double KeyWeeks, double OpenAt)
{
    private const double PowerMargin = 2;

    /// <summary>
    /// Standard deviations that the best possible test must reach for a fault to count as detectable: what a detector asks for to be as quiet as it is, and two more,
    /// without which that test itself would miss more than one in forty.
    /// </summary>
    public double DetectableFrom => OpenAt + PowerMargin;

    /// <summary>False alarms in a week of a key, over all its metrics.</summary>
    public double FalsePerKeyWeek => FalseAlarms.Count / KeyWeeks;

    /// <summary>Alarms on faults, over all alarms.</summary>
    public double Precision => Detected(Outcomes) is var found && found + FalseAlarms.Count == 0 ? 1 : (double)found / (found + FalseAlarms.Count);

    /// <summary>Harmonic mean of precision and the recall of the detectable faults.</summary>
    public double F1 => Recall(Outcomes.Where(IsDetectable)) is var recall && Precision + recall == 0 ? 0 : 2 * Precision * recall / (Precision + recall);

    /// <summary>Whether somebody could find it.</summary>
    public bool IsDetectable(FaultOutcome outcome) => outcome.Detectability >= DetectableFrom;

    /// <summary>Share of faults that were told.</summary>
    public static double Recall(IEnumerable<FaultOutcome> outcomes)
    {
        List<FaultOutcome> all = [.. outcomes];
        return all.Count == 0 ? 1 : (double)Detected(all) / all.Count;
    }

    /// <summary>Mean minutes from a fault's start to its telling; NaN when none was told.</summary>
    public static double Delay(IEnumerable<FaultOutcome> outcomes) =>
        outcomes.Where(o => o.DelayMinutes is not null).Select(o => (double)o.DelayMinutes!.Value).DefaultIfEmpty(double.NaN).Average();

    /// <summary>Faults that were told.</summary>
    public static int Detected(IEnumerable<FaultOutcome> outcomes) => outcomes.Count(o => o.DelayMinutes is not null);
}
