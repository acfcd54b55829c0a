using System.Globalization;
using System.Text.Json.Nodes;
using Telemetry.DetectionQuality.Evaluate;

namespace Telemetry.DetectionQuality.Report;

/// <summary>Prints a synthetic run, for people or for machines.</summary>
internal static class SyntheticTable
{
    /// <summary>For people.</summary>
    public static void Print(QualityReport report, TextWriter output)
    {
        output.WriteLine(Text($"false alarms   {report.FalseAlarms.Count} in {report.KeyWeeks:0.0} key-weeks: {report.FalsePerKeyWeek:0.000} per key-week"));
        output.WriteLine(Text($"precision      {report.Precision:0.000}"));
        output.WriteLine(Text($"F1             {report.F1:0.000}"));
        output.WriteLine(Text($"detectable: the best possible test reaches {report.DetectableFrom:0.0} standard deviations; recall of those, then of all"));
        output.WriteLine(Text($"oracle: a likelihood ratio test that knows all parameters and the fault but its start; {report.OracleFalseAlarms} false alarms"));
        output.WriteLine();
        Print("size and length", report, output, o => Text($"{o.Fault.Size:0.0}x, {o.Fault.Minutes} min"), _ => true);
        Print("kind, 2x, 10 min", report, output, o => o.Fault.Kind.ToString(), IsTarget);
        PrintOracle(report, output);
        Print("traffic, 2x, 10 min", report, output, o => o.Shape.Name, IsTarget);
        foreach (FalseAlarm alarm in report.FalseAlarms)
        {
            output.WriteLine(Text($"false: {alarm.Shape.Name}, {alarm.Metric}, {DateTimeOffset.FromUnixTimeSeconds(alarm.Minute * 60):ddd HH:mm}, z {alarm.Verdict.Score:0.0} over {alarm.Verdict.Minutes} min"));
        }
    }

    /// <summary>For machines.</summary>
    public static JsonObject ToJson(QualityReport report) => new()
    {
        ["false_alarms"] = report.FalseAlarms.Count,
        ["key_weeks"] = report.KeyWeeks,
        ["false_alarms_per_key_week"] = report.FalsePerKeyWeek,
        ["oracle_false_alarms"] = report.OracleFalseAlarms,
        ["oracle_found"] = report.Outcomes.Count(o => o.ByOracle == true),
        ["oracle_faults"] = report.Outcomes.Count(o => o.ByOracle is not null),
        ["precision"] = report.Precision,
        ["f1"] = report.F1,
        ["detectable_from"] = report.DetectableFrom,
        ["groups"] = new JsonArray([.. report.Outcomes.GroupBy(o => (o.Fault.Kind, o.Fault.Size, o.Fault.Minutes, o.Shape.Name)).Select(g => (JsonNode)ToJson(g.Key, [.. g], report))]),
    };

    /// <summary>What the target is about.</summary>
    public static bool IsTarget(FaultOutcome outcome) => outcome.Fault is { Size: 2, Minutes: 10 };

    private static JsonObject ToJson((Synthetic.FaultKind Kind, double Size, int Minutes, string Shape) key, IReadOnlyList<FaultOutcome> outcomes, QualityReport report) => new JsonObject
    {
        ["kind"] = key.Kind.ToString(),
        ["size"] = key.Size,
        ["minutes"] = key.Minutes,
        ["traffic"] = key.Shape,
        ["faults"] = outcomes.Count,
        ["found"] = QualityReport.Detected(outcomes),
        ["detectable"] = outcomes.Count(report.IsDetectable),
        ["detectable_found"] = QualityReport.Detected(outcomes.Where(report.IsDetectable)),
        ["delay_minutes"] = double.IsNaN(QualityReport.Delay(outcomes)) ? null : QualityReport.Delay(outcomes),
    };

    // Of faults that the oracle told at the same rate of false alarms, how many did the product tell?
    private static void PrintOracle(QualityReport report, TextWriter output)
    {
        List<FaultOutcome> known = [.. report.Outcomes.Where(o => o.ByOracle is not null)];
        List<FaultOutcome> told = [.. known.Where(o => o.ByOracle == true)];
        List<FaultOutcome> detectable = [.. known.Where(report.IsDetectable)];
        List<FaultOutcome> withWalk = [.. known.Where(o => o.DetectabilityWithWalk >= report.DetectableFrom)];
        output.WriteLine(Text($"2x, 10 min: oracle {told.Count} of {known.Count}, product {QualityReport.Detected(known)}; of those that the oracle told the product {QualityReport.Recall(told):0.000}"));
        output.WriteLine(Text($"detectable {detectable.Count}, of these the oracle {detectable.Count(o => o.ByOracle == true)}, the product {QualityReport.Detected(detectable)}"));
        output.WriteLine(Text($"detectable with the walk as noise {withWalk.Count}, of these the oracle {withWalk.Count(o => o.ByOracle == true)}, the product {QualityReport.Detected(withWalk)}"));
        output.WriteLine();
    }

    private static void Print(string title, QualityReport report, TextWriter output, Func<FaultOutcome, string> name, Func<FaultOutcome, bool> counts)
    {
        output.WriteLine(Text($"{title,-22}{"detectable",12}{"recall",9}{"all",8}{"recall",9}{"delay, min",12}"));
        foreach (IGrouping<string, FaultOutcome> group in report.Outcomes.Where(counts).GroupBy(name).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            List<FaultOutcome> detectable = [.. group.Where(report.IsDetectable)];
            string recall = detectable.Count == 0 ? "-" : Text($"{QualityReport.Recall(detectable):0.000}");
            output.WriteLine(Text($"{group.Key,-22}{detectable.Count,12}{recall,9}{group.Count(),8}{QualityReport.Recall(group),9:0.000}{QualityReport.Delay(detectable),12:0.0}"));
        }

        output.WriteLine();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
