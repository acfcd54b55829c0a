using System.Text;
using OpenTelemetry.Metrics;

namespace Telemetry.Hosting.Observability;

/// <summary>What an OpenTelemetry metric is called in Prometheus, by the OpenTelemetry specification's "Prometheus and OpenMetrics Compatibility".</summary>
internal static class PrometheusName
{
    /// <summary>The name with its unit, and <c>_total</c> for a counter.</summary>
    public static string Of(Metric metric)
    {
        string name = Clean(metric.Name);
        string unit = Unit(metric.Unit, IsGauge(metric.MetricType));
        if (unit.Length > 0 && !name.EndsWith("_" + unit, StringComparison.Ordinal))
        {
            name = $"{name}_{unit}";
        }

        return IsCounter(metric.MetricType) && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    public static string TypeOf(MetricType type) => IsCounter(type) ? "counter" : type == MetricType.Histogram ? "histogram" : "gauge";

    /// <summary>A name of letters, digits and underscores that begins with no digit; runs of other characters become one underscore.</summary>
    public static string Clean(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (char c in name)
        {
            char kept = char.IsAsciiLetterOrDigit(c) ? c : '_';
            if (kept != '_' || text.Length == 0 || text[^1] != '_')
            {
                text.Append(kept);
            }
        }

        return text.Length > 0 && char.IsAsciiDigit(text[0]) ? text.Insert(0, '_').ToString() : text.ToString();
    }

    private static bool IsCounter(MetricType type) => type is MetricType.LongSum or MetricType.DoubleSum;

    private static bool IsGauge(MetricType type) => type is MetricType.LongGauge or MetricType.DoubleGauge;

    private static string Unit(string? unit, bool gauge) => unit switch
    {
        null or "" => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "1" => gauge ? "ratio" : "",
        // {span}, {call}: annotations, no units.
        ['{', ..] => "",
        _ => Clean(unit),
    };
}
