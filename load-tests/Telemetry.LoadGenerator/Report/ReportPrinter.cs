using System.Globalization;
using Spectre.Console;
using Telemetry.LoadGenerator.Measure;

namespace Telemetry.LoadGenerator.Report;

/// <summary>Prints a report for people.</summary>
internal static class ReportPrinter
{
    private const int Width = 140;
    private const int BarWidth = 20;
    private const double BytesPerMegabyte = 1e6;

    /// <summary>Prints.</summary>
    public static void Print(RunReport report)
    {
        // What is no terminal is taken to be 80 columns wide, which is too narrow.
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, Width);
        PayloadReport payload = report.Payload;
        System.Console.WriteLine(Text($"{report.Target}, run {report.Run}"));
        System.Console.WriteLine(Text($"{payload.Dialect} over {payload.Protocol}{(payload.Gzip ? " with gzip" : "")}: {payload.SpansPerRequest} spans a request ({payload.CallsPerRequest} calls), {payload.BytesPerSpan:F0} bytes a span, prompts of {payload.PromptBytes:N0} bytes, {payload.SpansPerTrace} spans a trace; {payload.Services} services, {payload.Models} models, {payload.Prompts} prompts"));
        PrintPhases(report.Phases);
        PrintHistogram(report.Phases);
        System.Console.WriteLine(report.Verification is { } v
            ? Text($"{v.Expected:N0} {v.What} acknowledged: {v.Missing:N0} missing, {v.Double:N0} double, {v.Wrong:N0} {v.Otherwise}. {(v.IsRight ? "All there, once." : "NOT RIGHT.")}")
            : "Counts were not verified: give --clickhouse.");
    }

    private static void PrintPhases(IReadOnlyList<PhaseReport> phases)
    {
        Table table = New("", phases);
        Row("offered spans/s", p => p.OfferedSpansPerSecond is { } rate ? Text($"{rate:N0}") : "as fast as it goes");
        Row("accepted spans/s", p => Text($"{p.AcceptedSpansPerSecond:N0}"));
        Row("stored spans/s, whole way", p => p.StoredSpansPerSecond is { } rate ? Text($"{rate:N0}") : "-");
        Row("accepted spans", p => Text($"{p.Spans:N0}"));
        Row("refused, failed requests", p => Text($"{p.Refused:N0}, {p.Failed:N0}"));
        Row("seconds of sending, of drain", p => Text($"{p.SendSeconds:F1}, {(p.DrainSeconds is { } drain ? Text($"{drain:F1}") : "-")}"));
        Row("target spans/CPU-second", p => p.Targets.Count > 0 ? Text($"{p.SpansPerCpuSecond:N0}") : "-");
        foreach (string name in phases.SelectMany(p => p.Targets).Select(t => t.Name).Distinct())
        {
            Row($"{name} CPU-seconds", p => Of(p, name, t => Text($"{t.CpuSeconds:F1}{(t.Gone ? " (ended)" : "")}")));
            Row($"{name} MB: first, last, most", p => Of(p, name, t => Text($"{t.FirstResidentBytes / BytesPerMegabyte:N0}, {t.ResidentBytes / BytesPerMegabyte:N0}, {t.MaxResidentBytes / BytesPerMegabyte:N0}")));
        }

        Row("generator CPU-seconds", p => Text($"{p.GeneratorCpuSeconds:F1} ({p.GeneratorSpansPerCpuSecond:N0} spans each)"));
        Row("machine's busy CPU-seconds", p => Text($"{p.MachineCpuSeconds:F1}"));
        Quantile("answer ms", p => p.LatencyMs);
        Quantile("lateness ms", p => p.LatenessMs);
        Quantile("acknowledged to visible ms", p => p.FreshnessMs);
        if (phases.Any(p => p.FreshnessUnseen > 0))
        {
            Row("marker calls never visible", p => Text($"{p.FreshnessUnseen:N0}"));
        }

        AnsiConsole.Write(table);
        foreach (KeyValuePair<string, long> trouble in phases.SelectMany(p => p.Troubles).GroupBy(t => t.Key).Select(g => KeyValuePair.Create(g.Key, g.Sum(t => t.Value))))
        {
            System.Console.WriteLine(Text($"{trouble.Value:N0} requests: {trouble.Key}"));
        }

        void Row(string name, Func<PhaseReport, string> value) => table.AddRow([name, .. phases.Select(value)]);

        void Quantile(string name, Func<PhaseReport, Quantiles?> of)
        {
            if (phases.Any(p => of(p) is { Count: > 0 }))
            {
                Row($"{name}: p50, p90, p99, p99.9, most", p => of(p) is { Count: > 0 } q ? Text($"{q.P50:F1}, {q.P90:F1}, {q.P99:F1}, {q.P999:F1}, {q.Max:F1}") : "-");
            }
        }
    }

    private static void PrintHistogram(IReadOnlyList<PhaseReport> phases)
    {
        Table table = New("answered within", phases);
        for (int i = 0; i < phases[0].LatencyHistogram.Count; i++)
        {
            if (phases.Any(p => p.LatencyHistogram[i].Count > 0))
            {
                double? bound = phases[0].LatencyHistogram[i].Milliseconds;
                table.AddRow([bound is null ? "longer" : Text($"{bound} ms"), .. phases.Select(p => Bar(p.LatencyHistogram[i].Count, p.LatencyMs.Count))]);
            }
        }

        AnsiConsole.Write(table);
    }

    private static string Bar(long count, long all)
    {
        double share = all > 0 ? (double)count / all : 0;
        return Text($"{new string('#', (int)Math.Ceiling(share * BarWidth))} {share,7:P2}");
    }

    private static string Of(PhaseReport phase, string name, Func<TargetUsage, string> value) => phase.Targets.FirstOrDefault(t => t.Name == name) is { } target ? value(target) : "-";

    private static Table New(string title, IReadOnlyList<PhaseReport> phases)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(title);
        foreach (PhaseReport phase in phases)
        {
            table.AddColumn(new TableColumn(phase.Name).RightAligned());
        }

        return table;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
