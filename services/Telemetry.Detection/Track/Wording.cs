using System.Globalization;
using Telemetry.Detection.Compare;
using Telemetry.Detection.Model;

namespace Telemetry.Detection.Track;

/// <summary>Says in words why something is an anomaly.</summary>
internal static class Wording
{
    private const double MinutesADay = 1440;

    /// <summary>Of a deviation.</summary>
    public static string Of(MetricTraits traits, SeriesVerdict verdict, bool isSilence, double learnedMinutes)
    {
        string over = verdict.Minutes == 1 ? "1 minute" : Text($"{verdict.Minutes} minutes");
        string known = learnedMinutes >= 2 * MinutesADay ? Text($"{Math.Round(learnedMinutes / MinutesADay)} days") : Text($"{learnedMinutes:0} minutes");
        Comparison comparison = verdict.Comparison;
        return isSilence
            ? Text($"no calls for {over}, {comparison.Expected * verdict.Minutes:0.#} were to be expected; z = {verdict.Score:0.0} against {known}")
            : Text($"z = {verdict.Score:0.0} over {over} against {known}: {Value(comparison.Observed, traits.Unit)}, {Value(comparison.Expected, traits.Unit)} is usual");
    }

    /// <summary>A value with its unit, as people read it.</summary>
    public static string Value(double value, string unit) => unit switch
    {
        "1" => Text($"{value * 100:0.##} %"),
        "ms" => Text($"{value:0} ms"),
        "USD" or "USD/min" => Text($"{value:0.######} {unit}"),
        _ => Text($"{value:0.##} {unit.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
