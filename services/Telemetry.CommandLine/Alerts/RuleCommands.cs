using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Alerting;
using Telemetry.Alerting.History;
using Telemetry.Alerting.Read;
using Telemetry.Alerting.Track;
using Telemetry.ClickHouse.Client;
using Rule = Telemetry.Alerting.Read.Rule;

namespace Telemetry.CommandLine.Alerts;

/// <summary><c>telemetry alerts check</c> and <c>test</c>.</summary>
internal static class RuleCommands
{
    private const int MostSteps = 100_000;

    /// <summary>Options that say which files; the same as the settings of the service.</summary>
    internal sealed class Files
    {
        private readonly Option<string> _rules = new("--rules") { Description = "File or directory of rules; the shipped ones when left out", DefaultValueFactory = _ => "" };
        private readonly Option<string> _override = new("--override") { Description = "File or directory of rules over them", DefaultValueFactory = _ => "" };
        private readonly Option<string> _channels = new("--channels") { Description = "File of the channels; none when left out", DefaultValueFactory = _ => "" };

        public void AddTo(Command command)
        {
            command.Add(_rules);
            command.Add(_override);
            command.Add(_channels);
        }

        public AlertingOptions Of(ParseResult result) => new()
        {
            RulesPath = result.GetRequiredValue(_rules),
            RulesOverridePath = result.GetRequiredValue(_override),
            ChannelsPath = result.GetRequiredValue(_channels),
        };
    }

    public static Command Check()
    {
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var files = new Files();
        var command = new Command("check", "Reads rules and channels and tells what is wrong in them.") { json };
        files.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            try
            {
                AlertingSetup setup = AlertingSetup.Read(files.Of(result));
                var found = new { Rules = setup.Rules.Rules.Select(r => r.Name), Maintenance = setup.Rules.Maintenance.Select(w => w.Name), Channels = setup.Channels.Select(c => c.Name) };
                CommandOutput.Print(result, result.GetValue(json), found, console => console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{setup.Rules.Rules.Count} rules, {setup.Rules.Maintenance.Count} maintenance windows, {setup.Channels.Count} channels: nothing is wrong")));
                return ExitCodes.Done;
            }
            catch (RuleFileException e)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(e.Message);
                return ExitCodes.BadFile;
            }
        });
        return command;
    }

    public static Command Test(TimeProvider time)
    {
        var from = new Option<DateTimeOffset?>("--from") { Description = "First moment; a day before the last by default" };
        var to = new Option<DateTimeOffset?>("--to") { Description = "Last moment; now by default" };
        var step = new Option<string>("--step") { Description = "Time between evaluations", DefaultValueFactory = _ => "1m" };
        var rule = new Option<string[]>("--rule") { Description = "Names of rules; all by default", DefaultValueFactory = _ => [] };
        var ignore = new Option<bool>("--ignore-silences") { Description = "As if there were no silences and no maintenance windows; by default what they hold back is marked" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var files = new Files();
        var connection = new ClickHouseConnection();
        var command = new Command("test", "Runs rules over history and tells when they would have fired. Nobody is notified, nothing is written.") { from, to, step, rule, ignore, json };
        files.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            try
            {
                DateTimeOffset last = result.GetValue(to) ?? time.GetUtcNow();
                DateTimeOffset first = result.GetValue(from) ?? last.AddDays(-1);
                RuleSet rules = AlertingSetup.Read(files.Of(result)).Rules;
                string[] wanted = result.GetRequiredValue(rule);
                if (Objection(first, last, result.GetRequiredValue(step), wanted, rules) is { } objection)
                {
                    await result.InvocationConfiguration.Error.WriteLineAsync(objection);
                    return ExitCodes.NotDone;
                }

                Rule[] chosen = [.. rules.Rules.Where(r => wanted.Length == 0 || wanted.Contains(r.Name))];
                ClickHouseClient client = connection.Open(result);
                var silences = new Silences(client);
                bool isIgnored = result.GetValue(ignore);
                if (!isIgnored)
                {
                    await silences.ReadSinceAsync(first, cancellation);
                }

                IReadOnlyList<HistoryEvent> events = await new HistoryRun(client).RunAsync(
                    chosen, first, last, DurationText.Parse(result.GetRequiredValue(step))!.Value,
                    (r, severity, labels, at) => !isIgnored && silences.Holds(r.Name, severity, labels.Values, at, rules.Maintenance), cancellation);
                CommandOutput.Print(result, result.GetValue(json), events, console => Print(console, events, chosen.Length));
                return ExitCodes.Done;
            }
            catch (RuleFileException e)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(e.Message);
                return ExitCodes.BadFile;
            }
        });
        return command;
    }

    private static string? Objection(DateTimeOffset from, DateTimeOffset to, string step, IEnumerable<string> wanted, RuleSet rules)
    {
        if (wanted.FirstOrDefault(w => !rules.Rules.Any(r => r.Name == w)) is { } unknown)
        {
            return $"--rule \"{unknown}\" is none of the rules; allowed: {string.Join(", ", rules.Rules.Select(r => r.Name))}";
        }

        if (DurationText.Parse(step) is not { } every || every < TimeSpan.FromSeconds(1))
        {
            return $"--step \"{step}\": allowed: a duration of 1s or more, such as 30s or 5m";
        }

        return from >= to ? "--from must be before --to" : (to - from) / every > MostSteps ? FormattableString.Invariant($"more than {MostSteps} steps; a longer --step or a shorter range") : null;
    }

    private static void Print(IAnsiConsole console, IReadOnlyList<HistoryEvent> events, int rules)
    {
        foreach (HistoryEvent e in events)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{e.At:u}  {e.Change,-14} {e.Rule} ({string.Join(", ", e.Labels.Select(l => $"{l.Key}={l.Value}"))}): {e.Text}{(e.Silenced ? " (silenced)" : "")}"));
        }

        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{rules} rules: fired {events.Count(e => e.Change == "fired")} times, resolved {events.Count(e => e.Change == "resolved")} times, {events.Count(e => e.Notifies)} notifications, {events.Count(e => e.Silenced)} held back"));
    }
}
