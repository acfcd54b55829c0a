using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Telemetry.CommandLine.Prices.Import;

/// <summary>What an import did and where its sources disagree: a Markdown file to keep, a table for people, an object for machines.</summary>
internal sealed record ImportReport(string Source, string Date, string LangfuseDate, int Providers, int Models, int ModelsAddedTo, SourceComparison.Result? Comparison)
{
    /// <summary>The same content always gives the same text.</summary>
    public string ToMarkdown()
    {
        SourceComparison.Result comparison = Comparison ?? new SourceComparison.Result(0, [], []);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Where the price sources disagree\n\nUS dollars for one million tokens, standard tier, as of {LangfuseDate}. genai-prices ({Source}, {Date}) against langfuse ({LangfuseDate}).\n")
            .Append(CultureInfo.InvariantCulture, $"Compared: {comparison.Compared} prices, different: {comparison.Differences.Count}. Service tiers and missing kinds of token were taken from langfuse for {ModelsAddedTo} models, where the standard prices agree.\n")
            .Append("The book follows genai-prices; an empty cell means that the source has no such price.\n\n| provider | model | kind | genai-prices | langfuse |\n|---|---|---|---:|---:|\n");
        foreach (SourceComparison.Difference d in comparison.Differences)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {d.Provider} | {d.Model} | {d.Kind} | {Usd(d.Ours)} | {Usd(d.Theirs)} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\nModels that only langfuse knows ({comparison.OnlyTheirs.Count}), unknown to the book: {string.Join(", ", comparison.OnlyTheirs)}\n");
        return text.ToString();
    }

    public void Print(IAnsiConsole console)
    {
        console.WriteLine($"{Providers} providers, {Models} models from {Source} of {Date}; service tiers or kinds of token added to {ModelsAddedTo} models");
        if (Comparison is null)
        {
            return;
        }

        console.WriteLine($"{Comparison.Compared} prices compared with langfuse, {Comparison.Differences.Count} differ, {Comparison.OnlyTheirs.Count} models only there");
        Table table = new Table().Border(TableBorder.Simple).AddColumns("provider", "model", "kind").AddColumn(Right("genai-prices")).AddColumn(Right("langfuse"));
        foreach (SourceComparison.Difference d in Comparison.Differences)
        {
            table.AddRow(Markup.Escape(d.Provider), Markup.Escape(d.Model), Markup.Escape(d.Kind), Usd(d.Ours), Usd(d.Theirs));
        }

        console.Write(table);
    }

    private static TableColumn Right(string name) => new TableColumn(name).RightAligned();

    private static string Usd(decimal? usd) => usd?.ToString("0.#########", CultureInfo.InvariantCulture) ?? "";
}
