using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;
using Telemetry.Processor.Price;

namespace Telemetry.CommandLine.Prices;

/// <summary><c>telemetry prices show</c>: what a call to a model would be charged, and by which entry of the book.</summary>
internal static class ShowCommand
{
    public static Command Create(TimeProvider time)
    {
        var provider = new Argument<string>("provider") { Description = "Provider as it stands on a span, for example openai or azure.ai.openai" };
        var model = new Argument<string>("model") { Description = "Model as it stands on a span" };
        var at = new Option<DateTimeOffset?>("--at") { Description = "Moment of the call, for example 2026-09-01T12:00:00Z; default now" };
        var tier = new Option<string?>("--tier") { Description = "Service tier, for example flex; default standard" };
        var directory = new Option<DirectoryInfo>("--prices") { Description = "Directory of the price files", DefaultValueFactory = _ => new DirectoryInfo("schemas/prices") };
        var overrides = new Option<string?>("--override") { Description = "Price file, or directory of price files, laid over them" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var command = new Command("show", "Shows what a model costs.") { provider, model, at, tier, directory, overrides, json };
        command.SetAction(result =>
        {
            PriceBook book = PriceBook.Parse(PriceFiles.Read(result.GetRequiredValue(directory).FullName, result.GetValue(overrides)));
            var query = new PriceQuery
            {
                Provider = result.GetRequiredValue(provider),
                ModelRequested = result.GetRequiredValue(model),
                At = result.GetValue(at) ?? time.GetUtcNow(),
                ServiceTier = result.GetValue(tier),
                Usage = new TokenUsage { Input = 0, Output = 0 },
            };
            return Show(book, query, result, result.GetValue(json));
        });
        return command;
    }

    private static int Show(PriceBook book, in PriceQuery query, ParseResult result, bool json)
    {
        PricedCall call = book.Price(query);
        PriceSet? set = book.Find(query.Provider!, query.ModelRequested, null)?.Sets.FirstOrDefault(s => s.Id == call.PriceId);
        if (set is null)
        {
            var unknown = new { query.Provider, Model = query.ModelRequested, call.CostReason };
            CommandOutput.Print(result, json, unknown, console => console.WriteLine($"{unknown.Provider} {unknown.Model}: {unknown.CostReason}"));
            return ExitCodes.NotDone;
        }

        CommandOutput.Print(result, json, Describe(book, set), console => Print(console, book, set));
        return ExitCodes.Done;
    }

    private static object Describe(PriceBook book, PriceSet set) => new
    {
        PriceId = set.Id,
        BookVersion = book.Version,
        set.Tier,
        set.From,
        set.DayStart,
        set.DayEnd,
        set.Days,
        UsdPerMillionTokens = set.UsdPerMillion.ToDictionary(p => PriceKinds.Name(p.Key), p => new { p.Value.Base, Steps = p.Value.Steps.Select(s => new { s.AboveInputTokens, s.Price }) }),
        set.UsdPerRequest,
        set.UsdPerWebSearch,
        set.UsdPerOther,
        set.Source,
    };

    private static void Print(IAnsiConsole console, PriceBook book, PriceSet set)
    {
        console.WriteLine($"{set.Id} (book {book.Version})");
        Table table = new Table().Border(TableBorder.Simple).AddColumn("kind").AddColumn(new TableColumn("USD").RightAligned()).AddColumn("for");
        foreach ((TokenKind kind, TieredPrice price) in set.UsdPerMillion)
        {
            table.AddRow(PriceKinds.Name(kind), Usd(price.Base), "a million tokens");
            foreach ((long above, decimal stepPrice) in price.Steps)
            {
                table.AddRow("", Usd(stepPrice), string.Create(CultureInfo.InvariantCulture, $"when the input is over {above} tokens"));
            }
        }

        foreach ((string what, decimal? usd) in Fees(set))
        {
            table.AddRow(what, Usd(usd ?? 0), "each");
        }

        console.Write(table);
    }

    private static IEnumerable<(string What, decimal? Usd)> Fees(PriceSet set) =>
        new (string What, decimal? Usd)[] { ("request", set.UsdPerRequest), ("web search", set.UsdPerWebSearch) }
            .Where(f => f.Usd is not null)
            .Concat(set.UsdPerOther.Select(o => (What: $"{o.Key} (never billed: not on spans)", Usd: (decimal?)o.Value)));

    private static string Usd(decimal usd) => usd.ToString("0.#########", CultureInfo.InvariantCulture);
}
