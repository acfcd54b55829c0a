using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Alerting.Evaluate;
using Telemetry.Alerting.Track;

namespace Telemetry.CommandLine.Alerts;

/// <summary><c>telemetry alerts silences</c>, <c>silence</c> and <c>unsilence</c>.</summary>
internal static class SilenceCommands
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    public static Command Silences()
    {
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("silences", "Lists silences that have not ended.") { json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            IReadOnlyList<Silence> silences = await new PeopleStore(connection.Open(result)).SilencesAsync(cancellation);
            CommandOutput.Print(result, result.GetValue(json), silences, console => silences.ToList().ForEach(s => console.WriteLine(Line(s))));
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Silence(TimeProvider time)
    {
        var matchers = new Argument<string[]>("matcher")
        {
            Description = "name=pattern, where name is rule, severity or a label and * stands for any text; all must match",
            Arity = ArgumentArity.OneOrMore,
        };
        var lasts = new Option<string>("--for") { Description = "How long, such as 30m, 2h, 3d", Required = true };
        var from = new Option<DateTimeOffset?>("--from") { Description = "When it begins; now by default" };
        var by = new Option<string>("--by") { Description = "Who silences", DefaultValueFactory = _ => Environment.UserName };
        var comment = new Option<string>("--comment") { Description = "Why", Required = true };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("silence", "Holds notifications back. Incidents go on, and who was spared hears afterwards of what is not over.") { matchers, lasts, from, by, comment, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            var patterns = new Dictionary<string, string>(StringComparer.Ordinal);
            if (Objection(result.GetRequiredValue(matchers), result.GetRequiredValue(lasts), patterns) is { } objection)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(objection);
                return ExitCodes.NotDone;
            }

            DateTimeOffset begins = result.GetValue(from) ?? time.GetUtcNow();
            string id = IncidentMachine.Hash(Guid.NewGuid().ToString("N"))[..12];
            var silence = new Silence(id, patterns, begins, begins + DurationText.Parse(result.GetRequiredValue(lasts))!.Value, result.GetRequiredValue(by), result.GetRequiredValue(comment));
            await new PeopleStore(connection.Open(result)).NoteAsync(silence, removed: false, cancellation);
            CommandOutput.Print(result, result.GetValue(json), silence, console => console.WriteLine(Line(silence)));
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Unsilence()
    {
        var id = new Argument<string>("silence") { Description = "Id as silences prints it" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("unsilence", "Ends a silence.") { id, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            var store = new PeopleStore(connection.Open(result));
            string wanted = result.GetRequiredValue(id);
            if ((await store.SilencesAsync(cancellation)).FirstOrDefault(s => s.Id == wanted) is not { } silence)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync($"no silence \"{wanted}\" is on; telemetry alerts silences prints the ids");
                return ExitCodes.NotDone;
            }

            await store.NoteAsync(silence, removed: true, cancellation);
            CommandOutput.Print(result, result.GetValue(json), silence, console => console.WriteLine($"silence {silence.Id} has ended"));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string? Objection(IEnumerable<string> matchers, string lasts, Dictionary<string, string> patterns)
    {
        foreach (string matcher in matchers)
        {
            int equals = matcher.IndexOf('=', StringComparison.Ordinal);
            string name = equals > 0 ? matcher[..equals] : "";
            if (name is not ("rule" or "severity" or "burn" or "budget" or "metric" or "direction" or "subject") && Dimension.Find(name) is null)
            {
                return $"\"{matcher}\" is no matcher; allowed: name=pattern with rule, severity, burn, budget, metric, direction, subject, {string.Join(", ", Dimension.All.Select(d => d.Name))}";
            }

            patterns[name] = matcher[(equals + 1)..];
        }

        return DurationText.Parse(lasts) is { } d && d > TimeSpan.Zero && d <= Longest ? null : $"--for \"{lasts}\": allowed: more than 0s, at most 90d, such as 30m, 2h or 3d";
    }

    private static string Line(Silence s) => string.Create(
        CultureInfo.InvariantCulture,
        $"{s.Id}  {string.Join(", ", s.Matchers.Select(m => $"{m.Key}={m.Value}"))}  {s.StartsAt:u} to {s.EndsAt:u}  {s.CreatedBy}: {s.Comment}");
}
