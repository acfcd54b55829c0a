using System.Globalization;
using Spectre.Console;
using Telemetry.ClickHouse.Client;
using Telemetry.CommandLine.Ask;
using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;

namespace Telemetry.CommandLine.Top;

/// <summary>What <c>telemetry top</c> asks, and how it looks.</summary>
internal static class TopView
{
    private static readonly IReadOnlyList<Metric> s_metrics = Metric.Of(
        "calls", "errors", "error_rate", "ttft_p50_ms", "ttft_p95_ms", "duration_p95_ms", "tokens_per_second_p50", "input_tokens", "output_tokens", "cost_usd", "unpriced_calls");

    /// <summary>The statements.</summary>
    public static IReadOnlyList<Statement> Statements(TopState state, int rows, Selection selection, DateTimeOffset now)
    {
        var range = TimeRange.Parse($"now-{state.Minutes}m", "now", null, now);
        return [.. OverviewQuestion.Ask(range, selection), BreakdownQuestion.Ask("rows", range, [Dimension.Get("--by", state.By, inRollups: true)], s_metrics, state.OrderBy, rows, selection)];
    }

    /// <summary>Draws it.</summary>
    public static void Write(IAnsiConsole console, TopState state, IReadOnlyDictionary<string, Result> results, DateTimeOffset now)
    {
        ClickHouseRow signals = results["now"].Answer.Rows[0];
        ClickHouseRow before = results["before"].Answer.Rows[0];
        ClickHouseRow trouble = results["trouble"].Answer.Rows[0];
        ClickHouseRow spend = results["spend"].Answer.Rows[0];
        ClickHouseRow freshness = results["freshness"].Answer.Rows[0];
        string behind = freshness.IsNull("seconds_behind") ? "no Processor reports" : $"{RowTable.Duration(freshness.GetDouble("seconds_behind") * 1000)} behind";
        Line(console, $"telemetry top  {now:HH:mm:ss}Z  last {Range(state.Minutes)} by {state.By}, most {state.OrderBy} first{(state.Paused ? "  PAUSED" : "")}");
        Line(console, $"calls {Count(signals, "calls")} ({Change(signals, before, "calls")})  errors {Share(signals)}  TTFT p95 {Cell(signals, "ttft_p95_ms")}  latency p95 {Cell(signals, "duration_p95_ms")}  cost {Cell(signals, "cost_usd")}");
        Line(console, $"today {RowTable.Money(spend.GetDecimal("today_usd"))}, by midnight about {Cell(spend, "today_forecast_usd")}  incidents {trouble.GetInt64("open_incidents")}  anomalies {trouble.GetInt64("open_anomalies")}  {behind}");
        if (results["rows"].Answer.Rows.Count == 0)
        {
            Line(console, "no calls; point an application at OTEL_EXPORTER_OTLP_ENDPOINT, or look further back with r");
        }
        else
        {
            console.Write(RowTable.Table(
                results["rows"],
                (state.By, state.By), ("calls", "calls"), ("errors", "errors"), ("error_rate", "err %"), ("ttft_p50_ms", "ttft p50"), ("ttft_p95_ms", "p95"), ("duration_p95_ms", "took p95"),
                ("tokens_per_second_p50", "tok/s"), ("input_tokens", "in"), ("output_tokens", "out"), ("cost_usd", "cost"), ("unpriced_calls", "unpriced")));
        }

        if (state.Help)
        {
            Line(console, TopState.Keys);
        }
    }

    private static void Line(IAnsiConsole console, string text) => console.WriteLine(text.Length <= console.Profile.Width ? text : text[..console.Profile.Width]);

    private static string Range(int minutes) => minutes < 60 ? $"{minutes} min" : $"{minutes / 60} h";

    private static string Count(ClickHouseRow row, string column) => row.GetInt64(column).ToString("#,0", CultureInfo.InvariantCulture);

    private static string Share(ClickHouseRow row) => row.IsNull("error_rate") ? "-" : row.GetDouble("error_rate").ToString("0.0 %", CultureInfo.InvariantCulture);

    private static string Cell(ClickHouseRow row, string column) => RowTable.Format(column, ColumnType.Number, row.GetValue(column));

    private static string Change(ClickHouseRow now, ClickHouseRow before, string column)
    {
        long previous = before.GetInt64(column);
        return previous == 0 ? "none before" : ((now.GetInt64(column) - previous) / (double)previous).ToString("+0 %;-0 %;±0 %", CultureInfo.InvariantCulture);
    }
}
