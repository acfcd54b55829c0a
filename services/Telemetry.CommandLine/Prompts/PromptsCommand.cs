using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Quality.Prompts;

namespace Telemetry.CommandLine.Prompts;

/// <summary><c>telemetry prompts</c>: prompts, their versions, and which of two is better.</summary>
internal static class PromptsCommand
{
    public static Command Create(TimeProvider time) => new("prompts", "Prompts, their versions, and which of two is better.") { List(), Show(), CompareCommand.Create(time) };

    private static Command List()
    {
        Option<string> service = ServiceOption();
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("list", "Lists prompts with how often they change and how fast their answers are judged.") { service, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            IReadOnlyList<PromptPace> prompts = await new PromptStore(connection.Open(result)).ListAsync(result.GetRequiredValue(service), cancellation);
            CommandOutput.Print(result, result.GetValue(json), prompts, console => console.WriteTable(
                ["service", "prompt", "versions", "deployments", "a week", "rollbacks", "judgements a day", "hours to judge (median)"],
                prompts.Select(p => (string[])
                [
                    p.Service, p.Prompt, Count(p.Versions), Count(p.Deployments), TableText.Number(p.DeploymentsPerWeek, 2), p.RollbackRate is { } rate ? $"{Count(p.Rollbacks)} ({TableText.Share(rate)})" : Count(p.Rollbacks),
                    TableText.Number(p.JudgementsPerDay, 2), TableText.Number(p.MedianHoursToJudge, 2),
                ])));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var prompt = new Argument<string>("prompt") { Description = "Name of the prompt" };
        Option<string> service = ServiceOption();
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("show", "Shows the versions of a prompt, the oldest first, and when which one was in charge.") { prompt, service, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            var store = new PromptStore(connection.Open(result));
            string name = result.GetRequiredValue(prompt);
            IReadOnlyList<PromptVersion> versions = await store.VersionsAsync(name, result.GetRequiredValue(service), cancellation);
            if (versions.Count == 0)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync($"no prompt \"{name}\"; telemetry prompts list prints the names");
                return ExitCodes.NotDone;
            }

            IReadOnlyList<PromptChange> changes = await store.ChangesAsync(name, result.GetRequiredValue(service), cancellation);
            CommandOutput.Print(result, result.GetValue(json), new { versions, changes }, console => Print(console, versions, changes));
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The option to look at one service.</summary>
    public static Option<string> ServiceOption() => new("--service") { Description = "Only of this service", DefaultValueFactory = _ => "" };

    private static void Print(IAnsiConsole console, IReadOnlyList<PromptVersion> versions, IReadOnlyList<PromptChange> changes)
    {
        console.WriteTable(
            ["service", "version", "first seen", "last seen", "calls", "errors", "flagged", "a call", "tokens", "p95", "ttft p95", "quality", "feedback"],
            versions.Select(v => (string[])
            [
                v.Service, v.Version, TableText.Time(v.FirstSeen), TableText.Time(v.LastSeen), Count(v.Calls), TableText.Share(v.ErrorShare), TableText.Share(v.FlaggedShare ?? 0), TableText.Usd(v.UsdPerCall),
                TableText.Number(v.TokensPerCall), TableText.Milliseconds(v.DurationP95Milliseconds), TableText.Milliseconds(v.FirstTokenP95Milliseconds),
                v.Judgements > 0 ? $"{TableText.Number(v.Quality)} ({Count(v.Judgements)})" : TableText.Unknown, v.Opinions > 0 ? $"{TableText.Number(v.Feedback)} ({Count(v.Opinions)})" : TableText.Unknown,
            ]));
        foreach (PromptChange change in changes)
        {
            console.WriteLine($"{TableText.Time(change.At)}  {change.Service}: {(change.Kind == "first" ? $"{change.To} is the first in charge" : $"{change.To} takes over from {change.From}{(change.Kind == "rolled_back" ? ", rolled back" : "")}")}");
        }
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
