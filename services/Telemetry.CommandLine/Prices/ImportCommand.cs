using System.CommandLine;
using System.Text.Json.Nodes;
using Spectre.Console;
using Telemetry.CommandLine.Prices.Import;
using Telemetry.Contracts.Prices;

namespace Telemetry.CommandLine.Prices;

/// <summary><c>telemetry prices import</c>: makes the price files from published figures.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var genai = new Option<string>("--genai-prices") { Description = "genai-prices v2 data file, or the directory of the npm package @pydantic/genai-prices", Required = true };
        var langfuse = new Option<string?>("--langfuse") { Description = "langfuse default-model-prices.json: adds service tiers and is compared with the result" };
        var langfuseDate = new Option<string?>("--langfuse-date") { Description = "Day of the langfuse data, yyyy-MM-dd; default --date" };
        var date = new Option<string>("--date") { Description = "Day of the genai-prices data, yyyy-MM-dd", Required = true };
        var output = new Option<DirectoryInfo>("--out") { Description = "Directory of the price files", DefaultValueFactory = _ => new DirectoryInfo("schemas/prices") };
        var json = new Option<bool>("--json") { Description = "Print the report for machines" };
        var command = new Command("import", "Writes one price file a provider from published price data and reports where the sources disagree.") { genai, date, langfuse, langfuseDate, output, json };
        command.SetAction(result =>
        {
            ImportReport report = Import(
                GenAiPricesSource.Read(result.GetRequiredValue(genai)),
                result.GetValue(langfuse) is { } path ? LangfusePrices.Read(path) : null,
                ImportDates.Check(result.GetRequiredValue(date)),
                ImportDates.Check(result.GetValue(langfuseDate) ?? result.GetRequiredValue(date)),
                result.GetRequiredValue(output));
            CommandOutput.Print(result, result.GetValue(json), report, report.Print);
            return ExitCodes.Done;
        });
        return command;
    }

    // Everything is read, converted and parsed before the first file is written: a wrong source leaves the old book as it was.
    private static ImportReport Import(GenAiPricesSource source, IReadOnlyList<LangfusePrices>? langfuse, string date, string langfuseDate, DirectoryInfo output)
    {
        SortedDictionary<string, JsonObject> files = GenAiPricesImport.Convert(source, date);
        int tiered = langfuse is null ? 0 : LangfuseAdditions.Add(files, Parse(files), langfuse, ImportDates.Parse(date), langfuseDate);
        PriceBook book = Parse(files);
        SourceComparison.Result? comparison = langfuse is null ? null : SourceComparison.Compare(book, langfuse, ImportDates.Parse(langfuseDate));
        var report = new ImportReport(source.Version, date, langfuseDate, files.Count, book.Providers.Sum(p => p.Models.Count), tiered, comparison);
        output.Create();
        foreach (FileInfo old in output.EnumerateFiles("*.json").Where(f => !files.ContainsKey(f.Name)))
        {
            old.Delete();
        }

        foreach ((string name, JsonObject file) in files)
        {
            File.WriteAllBytes(Path.Combine(output.FullName, name), PriceFileWriter.Write(file));
        }

        File.WriteAllText(Path.Combine(output.FullName, "REPORT.md"), report.ToMarkdown());
        return report;
    }

    private static PriceBook Parse(SortedDictionary<string, JsonObject> files) =>
        PriceBook.Parse([.. files.Select(f => (f.Key, (ReadOnlyMemory<byte>)PriceFileWriter.Write(f.Value)))]);
}
