using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Contracts.Prices;
using Telemetry.Processor.Price;

namespace Telemetry.CommandLine.Reprice;

/// <summary><c>telemetry reprice</c>: prices the calls of a time range anew with the price files as they are now, rollups included.</summary>
internal static class RepriceCommand
{
    // Calls this young may still be taken back by the Processor.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(15);

    public static Command Create(TimeProvider time)
    {
        var from = new Option<DateTimeOffset>("--from") { Description = "First moment of the range, for example 2026-09-01T00:00:00Z", Required = true };
        var to = new Option<DateTimeOffset>("--to") { Description = "End of the range, not included; at most 15 minutes ago, since younger calls may still be corrected", Required = true };
        var directory = new Option<DirectoryInfo>("--prices") { Description = "Directory of the price files", DefaultValueFactory = _ => new DirectoryInfo("schemas/prices") };
        var overrides = new Option<string?>("--override") { Description = "Price file, or directory of price files, laid over them" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell what would change, and change nothing" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("reprice", "Prices the calls of a time range anew. May be run again and again: what has its price already stays as it is.") { from, to, directory, overrides, dryRun, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            (DateTimeOffset first, DateTimeOffset end) = (result.GetRequiredValue(from), result.GetRequiredValue(to));
            if (Objection(first, end, time.GetUtcNow() - Settled) is { } objection)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(objection);
                return ExitCodes.NotDone;
            }

            PriceBook book = PriceBook.Parse(PriceFiles.Read(result.GetRequiredValue(directory).FullName, result.GetValue(overrides)));
            TextWriter progress = result.InvocationConfiguration.Error;
            var run = new RepriceRun(connection.Open(result), book, result.GetValue(dryRun), count => progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count:N0} calls looked at")));
            RepriceSummary summary = await run.RunAsync(first, end, cancellation);
            CommandOutput.Print(result, result.GetValue(json), summary, console => Print(console, summary));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string? Objection(DateTimeOffset from, DateTimeOffset to, DateTimeOffset latest)
    {
        if (from >= to)
        {
            return $"--from {from:u} must lie before --to {to:u}";
        }

        return to > latest ? $"--to {to:u} is too young: at most {latest:u} is allowed, since younger calls may still be corrected" : null;
    }

    private static void Print(IAnsiConsole console, RepriceSummary summary)
    {
        string verb = summary.DryRun ? "would change" : "changed";
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{summary.Calls:N0} calls, {summary.Changed:N0} {verb} (book {summary.BookVersion})"));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cost before {summary.CostBefore:0.############} USD with {summary.UnpricedBefore:N0} unpriced, after {summary.CostAfter:0.############} USD with {summary.UnpricedAfter:N0} unpriced"));
    }
}

/// <summary>What a run found and did.</summary>
internal sealed record RepriceSummary(string Run, string BookVersion, bool DryRun, long Calls, long Changed, decimal CostBefore, decimal CostAfter, long UnpricedBefore, long UnpricedAfter);
