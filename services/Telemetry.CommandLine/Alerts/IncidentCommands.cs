using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Alerting.Track;

namespace Telemetry.CommandLine.Alerts;

/// <summary><c>telemetry alerts list</c> and <c>ack</c>.</summary>
internal static class IncidentCommands
{
    public static Command List(TimeProvider time)
    {
        var since = new Option<int?>("--days") { Description = "Also what is over, of so many days" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("list", "Lists open incidents, the newest last.") { since, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            DateTimeOffset? from = result.GetValue(since) is { } days ? time.GetUtcNow().AddDays(-days) : null;
            IReadOnlyList<ListedIncident> incidents = await new PeopleStore(connection.Open(result)).ListAsync(from, cancellation);
            CommandOutput.Print(result, result.GetValue(json), incidents, console => Print(console, incidents));
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Acknowledge()
    {
        var id = new Argument<string>("incident") { Description = "Id as list prints it, or its beginning" };
        var by = new Option<string>("--by") { Description = "Who looks after it", DefaultValueFactory = _ => Environment.UserName };
        var comment = new Option<string>("--comment") { Description = "What for", DefaultValueFactory = _ => "" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("ack", "Says that somebody looks after an incident: it escalates no more. Taken over in the next round.") { id, by, comment, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            var store = new PeopleStore(connection.Open(result));
            string wanted = result.GetRequiredValue(id);
            if (await store.FindAsync(wanted, cancellation) is not { } incident)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync($"no single incident \"{wanted}\"; telemetry alerts list prints the ids");
                return ExitCodes.NotDone;
            }

            if (incident.State == "resolved")
            {
                await result.InvocationConfiguration.Error.WriteLineAsync($"incident {incident.Id} is over since {incident.ResolvedAt:u}");
                return ExitCodes.NotDone;
            }

            string who = result.GetRequiredValue(by);
            await store.AcknowledgeAsync(incident.Id, who, result.GetRequiredValue(comment), cancellation);
            CommandOutput.Print(result, result.GetValue(json), new { incident.Id, incident.Rule, By = who }, console => console.WriteLine($"{incident.Id} ({incident.Rule}) acknowledged by {who}"));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, IReadOnlyList<ListedIncident> incidents)
    {
        const int ShortId = 12;
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in (string[])["incident", "state", "severity", "rule", "labels", "since (UTC)", "what"])
        {
            table.AddColumn(column);
        }

        foreach (ListedIncident incident in incidents)
        {
            string state = incident.State + (incident.Silenced ? ", silenced" : "") + (incident.Flapping ? ", flapping" : "") + (incident.AcknowledgedBy.Length > 0 ? $" by {incident.AcknowledgedBy}" : "");
            table.AddRow(
                new Text(incident.Id[..ShortId]), new Text(state), new Text(incident.Severity), new Text(incident.Rule), new Text(string.Join(", ", incident.Labels.Select(l => $"{l.Key}={l.Value}"))),
                new Text(incident.StartedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)), new Text(incident.Text));
        }

        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{incidents.Count} incidents"));
    }
}
