using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Telemetry.Chaos;

/// <summary>One table: rows that were acknowledged, that were found (unacknowledged ones may be among them), that are lost, that are double.</summary>
internal sealed record VerdictLine(string Table, long Acknowledged, long Found, long Lost, long Double);

/// <summary>The outcome of a run.</summary>
internal sealed record Verdict(
    string Layout, IReadOnlyDictionary<string, int> Kills, int Sent, int Acknowledged, long Retries, long Duplicates, long Poison, long Freezes, IReadOnlyList<VerdictLine> Lines)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Nothing lost, nothing double.</summary>
    public bool IsClean => Lines.All(l => l.Lost == 0 && l.Double == 0);

    /// <summary>Prints it.</summary>
    public void Print(bool asJson)
    {
        if (asJson)
        {
            System.Console.WriteLine(JsonSerializer.Serialize(this, Json));
            return;
        }

        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Layout}: {Kills.Values.Sum()} kills ({string.Join(", ", Kills.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => $"{k.Key} {k.Value}"))})"));
        System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Sent:N0} traces sent, {Acknowledged:N0} acknowledged, {Retries:N0} retries, {Duplicates:N0} sent again on purpose, {Poison:N0} poison records, {Freezes:N0} processes frozen"));
        Table table = new Table().Border(TableBorder.Simple).AddColumn("table");
        foreach (string column in (string[])["acknowledged", "found", "lost", "double"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (VerdictLine line in Lines)
        {
            table.AddRow(line.Table, Text(line.Acknowledged), Text(line.Found), Text(line.Lost), Text(line.Double));
        }

        AnsiConsole.Write(table);
        System.Console.WriteLine(IsClean ? "Nothing lost, nothing double." : "NOT CLEAN.");
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
