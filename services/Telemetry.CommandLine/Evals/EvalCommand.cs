using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Quality.Evaluate;

namespace Telemetry.CommandLine.Evals;

/// <summary><c>telemetry eval</c>: golden sets.</summary>
internal static class EvalCommand
{
    private const int ShortId = 20;

    public static Command Create(TimeProvider time) => new("eval", "Golden sets: asks an endpoint, checks its answers, and compares with a run before.") { RunCommand.Create(time), List(), Show(), Compare() };

    /// <summary>A comparison for people.</summary>
    public static void Print(IAnsiConsole console, EvalComparison comparison)
    {
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{comparison.Cases:N0} cases in both: {comparison.Broken.Count:N0} broken, {comparison.Fixed.Count:N0} repaired (p = {comparison.PassProbability:0.000})"));
        if (comparison.ScoreChange is { } change)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"score {change:+0.000;-0.000;0} (p = {comparison.ScoreProbability:0.000})"));
        }

        foreach (string id in comparison.Broken)
        {
            console.WriteLine($"broken: {id}");
        }

        foreach (string id in comparison.MustPassFailed)
        {
            console.WriteLine($"must pass, and fails: {id}");
        }

        console.WriteLine(comparison.IsRegression ? "regression" : "no regression");
    }

    /// <summary>A run for people.</summary>
    public static void Print(IAnsiConsole console, EvalRun run)
    {
        foreach (EvalResult result in run.Results.Where(r => !r.Passed))
        {
            console.WriteLine(result.Error.Length > 0 ? $"{result.CaseId}: no result: {result.Error}" : $"{result.CaseId}: {string.Join("; ", result.Failures)}");
        }

        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Set} with {run.Model}: {run.Results.Count(r => r.Passed):N0} of {run.Results.Count:N0} passed{(run.Incomplete > 0 ? $", {run.Incomplete:N0} without a result" : "")}{(run.MeanScore is { } score ? $", mean score {score:0.000}" : "")}; run {run.Id}"));
    }

    private static Command List()
    {
        var set = new Option<string>("--set") { Description = "Only runs of this set", DefaultValueFactory = _ => "" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("list", "Lists runs, the newest first.") { set, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            IReadOnlyList<EvalSummary> runs = await new EvalStore(connection.Open(result)).ListAsync(result.GetRequiredValue(set), cancellation);
            CommandOutput.Print(result, result.GetValue(json), runs, console => console.WriteTable(
                ["run", "at (UTC)", "set", "model", "label", "passed", "no result", "score", "judge"],
                runs.Select(r => (string[])
                [
                    r.Id[..Math.Min(ShortId, r.Id.Length)], TableText.Time(r.StartedAt), r.Set, r.Model, r.Label, string.Create(CultureInfo.InvariantCulture, $"{r.Passed:N0} of {r.Results:N0}"),
                    r.Incomplete.ToString("N0", CultureInfo.InvariantCulture), TableText.Number(r.MeanScore), r.JudgeModel,
                ])));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var id = new Argument<string>("run") { Description = "Id as list prints it, or its beginning" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("show", "Shows a run: what failed, and why.") { id, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            if (await FindAsync(result, connection, result.GetRequiredValue(id), cancellation) is not { } run)
            {
                return ExitCodes.NotDone;
            }

            CommandOutput.Print(result, result.GetValue(json), run, console => Print(console, run));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Compare()
    {
        var baseline = new Argument<string>("baseline") { Description = "Id of the run before, or its beginning" };
        var candidate = new Argument<string>("run") { Description = "Id of the run now" };
        var strict = new Option<bool>("--strict") { Description = "Any case that passed and fails now is a regression" };
        var alpha = new Option<double>("--alpha") { Description = "Chance of calling a run worse that is not", DefaultValueFactory = _ => RunCommand.DefaultAlpha };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("compare", "Compares two runs, case by case; exit code 1 on a regression.") { baseline, candidate, strict, alpha, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            if (await FindAsync(result, connection, result.GetRequiredValue(baseline), cancellation) is not { } before || await FindAsync(result, connection, result.GetRequiredValue(candidate), cancellation) is not { } now)
            {
                return ExitCodes.NotDone;
            }

            var comparison = EvalComparison.Of(before, now, result.GetValue(alpha), result.GetValue(strict));
            CommandOutput.Print(result, result.GetValue(json), comparison, console => Print(console, comparison));
            return comparison.IsRegression ? ExitCodes.NotDone : ExitCodes.Done;
        });
        return command;
    }

    private static async Task<EvalRun?> FindAsync(ParseResult result, ClickHouseConnection connection, string id, CancellationToken cancellation)
    {
        EvalRun? run = await new EvalStore(connection.Open(result)).FindAsync(id, "", cancellation);
        if (run is null)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync($"no single run \"{id}\"; telemetry eval list prints the ids");
        }

        return run;
    }
}
