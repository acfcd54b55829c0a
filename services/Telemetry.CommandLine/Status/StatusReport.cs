using System.Globalization;
using Telemetry.ClickHouse.Client;
using Telemetry.CommandLine.Ask;
using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Questions;
using Telemetry.Query.Range;

namespace Telemetry.CommandLine.Status;

/// <summary>Judges the answers that the status is made of.</summary>
internal static class StatusReport
{
    /// <summary>What is asked.</summary>
    public static IEnumerable<Statement> Statements(TimeRange range) => OverviewQuestion.Ask(range, new Selection()).Concat(PipelineQuestion.Ask(range).Select(s => s with { Name = "pipeline_" + s.Name }));

    /// <summary>The lines.</summary>
    public static IEnumerable<StatusCheck> Judge(IReadOnlyDictionary<string, Result> results, DateTimeOffset now, TimeSpan maxLag)
    {
        yield return Lag(results["pipeline_lag"], maxLag);
        yield return LastCall(results["freshness"], now);
        yield return Traffic(results["now"]);
        yield return Incidents(results["trouble"]);
        ClickHouseRow trouble = results["pipeline_trouble"].Answer.Rows[0];
        long letters = trouble.GetInt64("dead_letters_not_replayed");
        yield return new("dead letters", letters == 0, letters == 0 ? "none" : $"{letters} records of the last day could not be decoded and were not sent again; telemetry dead-letters list");
        long twice = trouble.GetInt64("counted_twice");
        yield return new("counted once", twice == 0, twice == 0 ? "yes" : $"{twice} calls of the last day stand more than once; that is an error of ours, please report it");
        long owed = trouble.GetInt64("notifications_owed");
        yield return new("notifications", null, owed == 0 ? "all delivered" : $"{owed} not delivered yet");
        yield return Spend(results["spend"]);
    }

    private static StatusCheck Lag(Result lag, TimeSpan maxLag)
    {
        if (lag.Answer.Rows.Count == 0)
        {
            return new("lag", false, "no Processor has reported in the last day");
        }

        ClickHouseRow worst = lag.Answer.Rows[0];
        double seconds = worst.GetDouble("seconds_behind");
        return new("lag", seconds <= maxLag.TotalSeconds, string.Create(CultureInfo.InvariantCulture, $"written up to {RowTable.Duration(seconds * 1000)} ago (partition {worst.GetInt64("partition")}, {lag.Answer.Rows.Count} partitions)"));
    }

    private static StatusCheck LastCall(Result freshness, DateTimeOffset now)
    {
        ClickHouseRow row = freshness.Answer.Rows[0];
        return new("last call", null, row.IsNull("last_call_at")
            ? "none in the last two days; point an application at OTEL_EXPORTER_OTLP_ENDPOINT"
            : $"began {RowTable.Duration(Math.Max(0, (now - row.GetDateTime("last_call_at")).TotalMilliseconds))} ago");
    }

    private static StatusCheck Traffic(Result signals)
    {
        ClickHouseRow row = signals.Answer.Rows[0];
        string errors = row.IsNull("error_rate") ? "" : string.Create(CultureInfo.InvariantCulture, $", {row.GetDouble("error_rate"):0.0 %} errors");
        string ttft = row.IsNull("ttft_p95_ms") ? "" : $", TTFT p95 {RowTable.Duration(row.GetDouble("ttft_p95_ms"))}";
        return new("last day", null, string.Create(CultureInfo.InvariantCulture, $"{row.GetInt64("calls"):#,0} calls{errors}{ttft}"));
    }

    private static StatusCheck Incidents(Result trouble)
    {
        ClickHouseRow row = trouble.Answer.Rows[0];
        long firing = row.GetInt64("unacknowledged_incidents");
        long open = row.GetInt64("open_incidents");
        long anomalies = row.GetInt64("open_anomalies");
        string text = open == 0 ? "none" : $"{open} open, {firing} of them not acknowledged, {row.GetInt64("critical_incidents")} critical; telemetry alerts list";
        return new("incidents", open == 0, anomalies == 0 ? text : $"{text}; {anomalies} anomalies");
    }

    private static StatusCheck Spend(Result spend)
    {
        ClickHouseRow row = spend.Answer.Rows[0];
        string forecast = row.IsNull("today_forecast_usd") ? "" : $", about {RowTable.Money(row.GetDecimal("today_forecast_usd"))} by midnight";
        string unpriced = row.GetInt64("unpriced_calls_today") is > 0 and long count ? string.Create(CultureInfo.InvariantCulture, $"; {count:#,0} calls without a price are not in it") : "";
        return new("spent today", null, $"{RowTable.Money(row.GetDecimal("today_usd"))}{forecast}; {RowTable.Money(row.GetDecimal("month_usd"))} this month{unpriced}");
    }
}
