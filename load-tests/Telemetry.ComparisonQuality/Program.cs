using System.CommandLine;
using System.Globalization;

namespace Telemetry.ComparisonQuality;

/// <summary>Measures how often a comparison that is looked at every hour ships what it should not, and finds what it should; prints the table of docs/prompts.md.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        var runs = new Option<int>("--runs") { DefaultValueFactory = _ => 1000, Description = "Runs of each scenario" };
        var days = new Option<int>("--days") { DefaultValueFactory = _ => 14, Description = "Days of a run, with a look each hour" };
        var only = new Option<string>("--only") { DefaultValueFactory = _ => "", Description = "Scenarios whose name holds this" };
        var root = new RootCommand("Error rates and power of comparisons that are looked at every hour.") { runs, days, only };
        root.SetAction(result => Print(result.GetValue(runs), result.GetValue(days) * 24, result.GetValue(only)!, result.InvocationConfiguration.Output));
        return root.Parse(args).InvokeAsync();
    }

    private static void Print(int runs, int hours, string only, TextWriter output)
    {
        output.WriteLine("| scenario | calls an hour, each | ship | keep | open | median hours to ship | a test of fixed size, looked at each hour, would have shipped |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        foreach (Scenario scenario in Scenarios.All.Where(s => s.Name.Contains(only, StringComparison.Ordinal)))
        {
            Outcome outcome = Simulation.Run(scenario, runs, hours, seed: 7);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {scenario.Name} | {scenario.CallsPerHour} | {Share(outcome.Ships, runs)} | {Share(outcome.Keeps, runs)} | {Share(runs - outcome.Ships - outcome.Keeps, runs)} | {outcome.MedianHoursToShip} | {Share(outcome.NaiveShips, runs)} |"));
            output.Flush();
        }
    }

    private static string Share(int count, int runs) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * count / runs:0.0} %");
}
