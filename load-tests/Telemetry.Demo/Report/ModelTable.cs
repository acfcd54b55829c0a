using System.Globalization;
using Spectre.Console;

namespace Telemetry.Demo.Report;

/// <summary>The table at the end of the demo.</summary>
internal static class ModelTable
{
    /// <summary>Builds the table with a total row.</summary>
    public static Table Create(IReadOnlyList<ModelRow> rows)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("model");
        foreach (string column in (string[])["calls", "errors", "input", "cached", "output", "cost USD", "TTFT p50 ms", "TTFT p95 ms", "tokens/s"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (ModelRow row in rows)
        {
            table.AddRow(
                Markup.Escape(row.Model), Number(row.Calls), Number(row.Errors), Number(row.InputTokens), Number(row.CachedTokens), Number(row.OutputTokens),
                Cost(row.CostUsd, row.Unpriced), row.TtftP50 ?? "-", row.TtftP95 ?? "-", row.TokensPerSecond ?? "-");
        }

        table.AddEmptyRow();
        table.AddRow(
            "total", Number(rows.Sum(r => r.Calls)), Number(rows.Sum(r => r.Errors)), Number(rows.Sum(r => r.InputTokens)), Number(rows.Sum(r => r.CachedTokens)),
            Number(rows.Sum(r => r.OutputTokens)), Cost(rows.Sum(r => r.CostUsd ?? 0), rows.Sum(r => r.Unpriced)), "", "", "");
        return table;
    }

    private static string Cost(decimal? cost, long unpriced)
    {
        string known = cost is { } money ? money.ToString("0.000000", CultureInfo.InvariantCulture) : "unknown price";
        return unpriced > 0 && cost is not null ? $"{known} + {Number(unpriced)} unpriced" : known;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
