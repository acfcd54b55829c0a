using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.ClickHouse.Client;

namespace Telemetry.CommandLine.Judge;

/// <summary><c>telemetry judge status</c>: how far sampling is, what waits, what was spent, what came out.</summary>
internal static class StatusCommand
{
    private const string WindowSql =
        """
        SELECT count() AS windows, max(window_end) AS sampled_to, sum(w.calls) AS calls, sum(w.requests) AS requests, argMax(w.pressure, w.window_start) AS pressure
        FROM llm_judge_windows AS w WHERE window_start >= {since:DateTime64(3, 'UTC')}
        """;

    private const string PendingSql = "SELECT count() AS pending, min(window_start) AS oldest FROM llm_judge_pending WHERE window_start >= {since:DateTime64(3, 'UTC')} - INTERVAL 7 DAY";

    private const string SpentSql = "SELECT toFloat64(sum(spent_usd)) AS usd, toFloat64(sum(unsettled_usd)) AS unsettled, sum(requests) AS sent, sum(requests_failed) AS sent_failed FROM llm_judge_budget WHERE day = {day:Date}";

    private const string OutcomesSql = "SELECT rubric, outcome, count() AS n FROM llm_judge_outcomes WHERE at >= {since:DateTime64(3, 'UTC')} GROUP BY rubric, outcome ORDER BY rubric, outcome";

    public static Command Create(TimeProvider time)
    {
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("status", "Tells how far sampling is, what waits, what was spent today and what came out of the last day.") { json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            ClickHouseClient client = connection.Open(result);
            DateTimeOffset now = time.GetUtcNow();
            var parameters = new Dictionary<string, object?> { ["since"] = now.AddDays(-1), ["day"] = DateOnly.FromDateTime(now.UtcDateTime) };
            ClickHouseRow windows = (await client.QueryAsync(WindowSql, parameters, cancellation)).Rows[0];
            ClickHouseRow pending = (await client.QueryAsync(PendingSql, parameters, cancellation)).Rows[0];
            ClickHouseRow spent = (await client.QueryAsync(SpentSql, parameters, cancellation)).Rows[0];
            ClickHouseResult outcomes = await client.QueryAsync(OutcomesSql, parameters, cancellation);
            bool any = windows.GetInt64("windows") > 0;
            var status = new Status(
                any ? windows.GetDateTime("sampled_to") : null, windows.GetInt64("calls"), windows.GetInt64("requests"), any ? windows.GetDouble("pressure") : null, pending.GetInt64("pending"),
                pending.GetInt64("pending") > 0 ? pending.GetDateTime("oldest") : null, spent.GetDouble("usd"), spent.GetDouble("unsettled"), spent.GetInt64("sent"), spent.GetInt64("sent_failed"),
                [.. outcomes.Rows.Select(r => new Outcome(r.GetString("rubric"), r.GetString("outcome"), r.GetInt64("n")))]);
            CommandOutput.Print(result, result.GetValue(json), status, console => Print(console, status));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, Status status)
    {
        if (status.SampledTo is not { } to)
        {
            console.WriteLine("nothing was sampled in the last day: no judge is running, or it has no endpoint (Telemetry:Judge:Endpoint:Url)");
            return;
        }

        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sampled up to {to:u}: {status.Calls} calls and {status.Requests} judgements of the last day; pressure {status.Pressure:0.00} in the last minute"));
        console.WriteLine(status.Pending == 0 ? "nothing waits" : string.Create(CultureInfo.InvariantCulture, $"{status.Pending} wait, the oldest since {status.OldestPending:u}"));
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"today {status.SpentUsd:0.####} USD are spent or set aside ({status.UnsettledUsd:0.####} of it not settled) in {status.RequestsSent} requests, {status.RequestsFailed} of them failed"));
        Table table = new Table().Border(TableBorder.Simple).AddColumn("rubric").AddColumn("outcome").AddColumn(new TableColumn("last day").RightAligned());
        foreach (Outcome outcome in status.Outcomes)
        {
            table.AddRow(new Text(outcome.Rubric), new Text(outcome.Name), new Text(outcome.Count.ToString(CultureInfo.InvariantCulture)));
        }

        console.Write(table);
    }

    private sealed record Status(
        DateTimeOffset? SampledTo, long Calls, long Requests, double? Pressure, long Pending, DateTimeOffset? OldestPending, double SpentUsd, double UnsettledUsd, long RequestsSent, long RequestsFailed,
        IReadOnlyList<Outcome> Outcomes);

    private sealed record Outcome(string Rubric, string Name, long Count);
}
