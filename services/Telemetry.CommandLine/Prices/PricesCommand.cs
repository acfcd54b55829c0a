using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Telemetry.Contracts.Prices;
using Telemetry.Contracts.Spans;

namespace Telemetry.CommandLine.Prices;

/// <summary><c>telemetry prices</c>: import the price book, look up one price.</summary>
internal static class PricesCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var command = new Command("prices", "Imports and shows the price book.");
        command.Subcommands.Add(CreateImport());
        command.Subcommands.Add(CreateShow());
        return command;
    }

    private static Command CreateImport()
    {
        var genai = new Option<FileInfo>("--genai-prices") { Description = "genai-prices v2 data file (JSON)", Required = true };
        var langfuse = new Option<FileInfo?>("--langfuse") { Description = "langfuse default-model-prices.json, compared with the result" };
        var date = new Option<string>("--date") { Description = "Day of the source data, yyyy-MM-dd", Required = true };
        var output = new Option<DirectoryInfo>("--out") { Description = "Directory of the price files", DefaultValueFactory = _ => new DirectoryInfo("schemas/prices") };
        var command = new Command("import", "Writes one price file a provider from published price data and reports where the sources disagree.") { genai, langfuse, date, output };
        command.SetAction(result => Import(
            result.GetRequiredValue(genai), result.GetValue(langfuse), result.GetRequiredValue(date), result.GetRequiredValue(output), result.InvocationConfiguration.Output));
        return command;
    }

    private static Command CreateShow()
    {
        var provider = new Argument<string>("provider") { Description = "OpenTelemetry provider name, for example openai" };
        var model = new Argument<string>("model") { Description = "Model id as it stands on a span" };
        var at = new Option<DateTimeOffset?>("--at") { Description = "Moment of the call; default now" };
        var directory = new Option<DirectoryInfo>("--prices") { Description = "Directory of the price files", DefaultValueFactory = _ => new DirectoryInfo("schemas/prices") };
        var json = new Option<bool>("--json") { Description = "For machines" };
        var command = new Command("show", "Shows what a million tokens of a model cost.") { provider, model, at, directory, json };
        command.SetAction(result => Show(
            Load(result.GetRequiredValue(directory)), result.GetRequiredValue(provider), result.GetRequiredValue(model),
            result.GetValue(at) ?? TimeProvider.System.GetUtcNow(), result.GetValue(json), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    private static int Import(FileInfo genai, FileInfo? langfuse, string date, DirectoryInfo output, TextWriter console)
    {
        JsonArray providers = JsonNode.Parse(File.ReadAllBytes(genai.FullName))!.AsArray();
        SortedDictionary<string, JsonObject> files = GenAiPricesImport.Convert(providers, "https://github.com/pydantic/genai-prices", date);
        output.Create();
        foreach ((string name, JsonObject file) in files)
        {
            File.WriteAllText(Path.Combine(output.FullName, name), file.ToJsonString(Indented) + "\n");
        }

        PriceBook book = Load(output);
        console.WriteLine($"{files.Count} providers, {book.Providers.Sum(p => p.Models.Count)} models written to {output}");
        if (langfuse is null)
        {
            return 0;
        }

        JsonArray other = JsonNode.Parse(File.ReadAllBytes(langfuse.FullName))!.AsArray();
        DateTimeOffset at = DateTimeOffset.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        (IReadOnlyList<LangfuseComparison.Difference> differences, int compared) = LangfuseComparison.Compare(book, other, at);
        string report = Report(differences, compared, date);
        File.WriteAllText(Path.Combine(output.FullName, "REPORT.md"), report);
        console.WriteLine(report);
        return 0;
    }

    private static string Report(IReadOnlyList<LangfuseComparison.Difference> differences, int compared, string date)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Where the price sources disagree\n\nUS dollars for one million tokens, standard tier, on {date}. Compared: {compared} prices, different: {differences.Count}.\n");
        text.Append("The book follows genai-prices; an empty cell means that the source has no such price.\n\n| provider | model | kind | genai-prices | langfuse |\n|---|---|---|---|---|\n");
        foreach (LangfuseComparison.Difference d in differences)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {d.Provider} | {d.Model} | {d.Kind} | {d.Ours:0.######} | {d.Theirs:0.######} |\n");
        }

        return text.ToString();
    }

    private static int Show(PriceBook book, string provider, string model, DateTimeOffset at, bool json, TextWriter output, TextWriter error)
    {
        if (book.Find(provider, model, null) is not { } entry || entry.At(at) is not { } set)
        {
            PricedCall unknown = book.Price(new PriceQuery { Provider = provider, ModelRequested = model, At = at, Usage = new TokenUsage { Input = 1 } });
            error.WriteLine($"{provider} {model}: {unknown.CostReason}");
            return 1;
        }

        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new
            {
                price_id = set.Id,
                usd_per_million_tokens = set.UsdPerMillion.ToDictionary(p => p.Key.ToString(), p => p.Value.Base),
                usd_per_request = set.UsdPerRequest,
            }));
            return 0;
        }

        output.WriteLine(set.Id);
        foreach ((TokenKind kind, TieredPrice price) in set.UsdPerMillion)
        {
            string steps = string.Concat(price.Steps.Select(s => $", over {s.AboveInputTokens} input tokens {s.Price}"));
            output.WriteLine($"  {kind,-18} {price.Base,10} USD a million tokens{steps}");
        }

        return 0;
    }

    private static PriceBook Load(DirectoryInfo directory) =>
        PriceBook.Parse([.. directory.GetFiles("*.json").Select(f => (f.Name, (ReadOnlyMemory<byte>)File.ReadAllBytes(f.FullName)))]);
}
