using System.Globalization;
using System.Text;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Console.Prometheus;

/// <summary>Writes families of golden signals in Prometheus' text format 0.0.4, with counters that never fall.</summary>
internal sealed class SignalPage
{
    private const double Millisecond = 0.001;

    /// <summary>Bounds in seconds.</summary>
    public static readonly IReadOnlyList<double> TtftBounds = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30];

    /// <summary>Bounds in seconds.</summary>
    public static readonly IReadOnlyList<double> DurationBounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300];

    // What was shown last: a call that is taken back, or priced anew at less, must not make a counter fall. It waits until the sum has caught up.
    private readonly Dictionary<string, double> _shown = new(StringComparer.Ordinal);

    /// <summary>The page.</summary>
    /// <param name="counters">Rows of <see cref="SignalStatements.Counters"/>.</param>
    /// <param name="histograms">Merged buckets by labels.</param>
    /// <param name="gauges">The row of <see cref="SignalStatements.Gauges"/>.</param>
    public string Write(ClickHouseResult counters, IReadOnlyDictionary<string, SignalHistograms> histograms, ClickHouseRow gauges)
    {
        var text = new StringBuilder();
        Counter(text, "telemetry_llm_calls_total", "Provider calls.", counters, "calls");
        Counter(text, "telemetry_llm_errors_total", "Provider calls that ended in an error.", counters, "errors");
        Tokens(text, counters);
        Counter(text, "telemetry_llm_cost_usd_total", "Cost of the priced calls in US dollars; telemetry_llm_unpriced_calls_total says how many are missing in it.", counters, "cost_usd");
        Counter(text, "telemetry_llm_unpriced_calls_total", "Calls without a known price.", counters, "unpriced_calls");
        Histogram(text, "telemetry_llm_time_to_first_token_seconds", "Time to first token, of calls that told it; within 1 %.", histograms, h => h.Ttft, TtftBounds);
        Histogram(text, "telemetry_llm_call_duration_seconds", "Duration of calls; within 1 %.", histograms, h => h.Duration, DurationBounds);
        Head(text, "telemetry_llm_open_incidents", "Incidents that fire or are acknowledged, by severity.", "gauge");
        foreach (string severity in (string[])["critical", "warning", "info"])
        {
            Line(text, "telemetry_llm_open_incidents", $"severity=\"{severity}\"", gauges.GetInt64(severity));
        }

        Head(text, "telemetry_llm_open_anomalies", "Anomalies that go on.", "gauge");
        Line(text, "telemetry_llm_open_anomalies", "", gauges.GetInt64("anomalies"));
        if (!gauges.IsNull("seconds_behind"))
        {
            Head(text, "telemetry_llm_seconds_behind", "How far behind the clock the slowest partition of the span log is.", "gauge");
            Line(text, "telemetry_llm_seconds_behind", "", gauges.GetDouble("seconds_behind"));
        }

        return text.ToString();
    }

    /// <summary>Whether the signals could be read.</summary>
    public static string Up(bool up)
    {
        var text = new StringBuilder();
        Head(text, "telemetry_llm_signals_up", "Whether the golden signals could be read from ClickHouse: 1 yes, 0 no, and then they are left out.", "gauge");
        Line(text, "telemetry_llm_signals_up", "", up ? 1 : 0);
        return text.ToString();
    }

    /// <summary>Labels of a row as they stand in a line.</summary>
    public static string Labels(ClickHouseRow row, IReadOnlyList<(string Label, string Column)> labels) => string.Join(',', labels.Select(l => $"{l.Label}=\"{Escape(row.GetString(l.Label))}\""));

    private void Counter(StringBuilder text, string name, string help, ClickHouseResult rows, string column)
    {
        Head(text, name, help, "counter");
        foreach (ClickHouseRow row in rows.Rows)
        {
            string labels = Labels(row, SignalStatements.CounterLabels);
            Line(text, name, labels, Rising(name + labels, row.GetDouble(column)));
        }
    }

    private void Tokens(StringBuilder text, ClickHouseResult rows)
    {
        const string Name = "telemetry_llm_tokens_total";
        Head(text, Name, "Tokens by kind: input (cached ones included), cached (a part of input), output (reasoning included).", "counter");
        foreach (ClickHouseRow row in rows.Rows)
        {
            foreach (string kind in (string[])["input", "cached", "output"])
            {
                string labels = $"{Labels(row, SignalStatements.CounterLabels)},kind=\"{kind}\"";
                Line(text, Name, labels, Rising(Name + labels, row.GetDouble(kind + "_tokens")));
            }
        }
    }

    private void Histogram(StringBuilder text, string name, string help, IReadOnlyDictionary<string, SignalHistograms> histograms, Func<SignalHistograms, Buckets> part, IReadOnlyList<double> bounds)
    {
        Head(text, name, help, "histogram");
        foreach ((string labels, SignalHistograms histogram) in histograms.OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            Buckets buckets = part(histogram);
            for (int i = 0; i < bounds.Count; i++)
            {
                string line = $"{labels},le=\"{Number(bounds[i])}\"";
                Line(text, name + "_bucket", line, Rising(name + line, buckets.Below[i]));
            }

            double count = Rising(name + labels + "count", buckets.Count);
            Line(text, name + "_bucket", $"{labels},le=\"+Inf\"", count);
            Line(text, name + "_sum", labels, Rising(name + labels + "sum", buckets.Sum * Millisecond));
            Line(text, name + "_count", labels, count);
        }
    }

    private double Rising(string series, double value) => _shown[series] = Math.Max(value, _shown.GetValueOrDefault(series));

    private static void Head(StringBuilder text, string name, string help, string type) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n').Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
