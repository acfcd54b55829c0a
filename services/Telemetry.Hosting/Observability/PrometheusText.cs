using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Telemetry.Hosting.Observability;

/// <summary>
/// Writes metrics in Prometheus' text format 0.0.4, see https://prometheus.io/docs/instrumenting/exposition_formats/. The project's exporter package is not
/// among those that the build can restore; the SDK aggregates, this only writes down.
/// </summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusText : BaseExporter<Metric>, IPullMetricExporter
{
    /// <summary>What the last collection wrote.</summary>
    public string Text { get; private set; } = "";

    /// <inheritdoc />
    public Func<int, bool>? Collect { get; set; }

    /// <inheritdoc />
    public override ExportResult Export(in Batch<Metric> batch)
    {
        var text = new StringBuilder();
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (Metric metric in batch)
        {
            string name = PrometheusName.Of(metric);
            // Two meters may name their metrics alike; a second family of one name would make the whole page unreadable. No exponential histograms here.
            if (metric.MetricType != MetricType.ExponentialHistogram && written.Add(name))
            {
                Write(text, name, metric);
            }
        }

        Text = text.ToString();
        return ExportResult.Success;
    }

    private static void Write(StringBuilder text, string name, Metric metric)
    {
        if (metric.Description.Length > 0)
        {
            text.Append("# HELP ").Append(name).Append(' ').Append(Escape(metric.Description, quotes: false)).Append('\n');
        }

        text.Append("# TYPE ").Append(name).Append(' ').Append(PrometheusName.TypeOf(metric.MetricType)).Append('\n');
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            string labels = Labels(point.Tags);
            if (metric.MetricType == MetricType.Histogram)
            {
                WriteHistogram(text, name, labels, in point);
            }
            else
            {
                Line(text, name, labels, Value(metric.MetricType, in point));
            }
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, string labels, ref readonly MetricPoint point)
    {
        long below = 0;
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            string bound = $"le=\"{Number(bucket.ExplicitBound)}\"";
            Line(text, name + "_bucket", labels.Length == 0 ? bound : $"{labels},{bound}", below);
        }

        Line(text, name + "_sum", labels, point.GetHistogramSum());
        Line(text, name + "_count", labels, point.GetHistogramCount());
    }

    private static double Value(MetricType type, ref readonly MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private static string Labels(ReadOnlyTagCollection tags)
    {
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            // Attributes whose names become alike are joined, as the specification asks.
            string key = PrometheusName.Clean(tag.Key);
            string value = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            pairs[key] = pairs.TryGetValue(key, out string? other) ? $"{other};{value}" : value;
        }

        return string.Join(',', pairs.Select(p => $"{p.Key}=\"{Escape(p.Value, quotes: true)}\""));
    }

    private static string Escape(string value, bool quotes)
    {
        string escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
