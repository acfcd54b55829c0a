using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Quality.Levers;

namespace Telemetry.CommandLine.Levers;

/// <summary><c>telemetry levers</c>: money that need not have been spent.</summary>
internal static class LeversCommand
{
    private static readonly Dictionary<string, string> Hints = new()
    {
        ["exact_duplicate"] = "cache answers: asked and answered within a day before",
        ["near_duplicate"] = "a semantic cache; upper bound, as answers may have to differ",
        ["uncached_prefix"] = "put what repeats first and turn the provider's cache on",
        ["oversized_context"] = "send less context; upper bound, twice the usual is left",
        ["wasted_retry"] = "raise the token limit or back off: the same was asked again at once",
        ["truncated_answer"] = "raise or drop the token limit; upper bound, the part may have been of use",
        ["cheaper_model"] = "a model of the family answers as well; upper bound, judged on a sample",
    };

    public static Command Create()
    {
        var service = new Option<string>("--service") { Description = "Only of this service", DefaultValueFactory = _ => "" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("levers", "What would have saved money in the last seven days, as money a month, with example traces.") { service, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            LeverReport report = await new LeverStore(connection.Open(result)).ReadAsync(result.GetRequiredValue(service), cancellation);
            CommandOutput.Print(result, result.GetValue(json), report, console => Print(console, report));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, LeverReport report)
    {
        console.WriteTable(
            ["lever", "service", "calls", "alone, a month", "in the total", "what to do", "for example"],
            report.Levers.Select(l => (string[])
            [
                l.Name, l.Service, l.Calls.ToString("N0", CultureInfo.InvariantCulture), TableText.Usd(l.SavedUsdPerMonth), TableText.Usd(l.CountedUsdPerMonth), Hints.GetValueOrDefault(l.Name, ""),
                l.ExampleTraces.Count > 0 ? l.ExampleTraces[0] : "",
            ]));
        console.WriteLine($"{TableText.Usd(report.SavedUsdPerMonth)} of {TableText.Usd(report.UsdPerMonth)} a month at most, each call's money once; from {TableText.Number(report.Days, 2)} days");
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Calls:N0} calls, {report.PricedCalls:N0} with a known price, {report.CallsWithMessages:N0} with their messages kept: levers that compare prompts see no others"));
    }
}
