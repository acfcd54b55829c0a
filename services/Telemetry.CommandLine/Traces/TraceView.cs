using System.Globalization;
using Spectre.Console;
using Telemetry.ClickHouse.Client;
using Telemetry.CommandLine.Ask;
using Telemetry.Query.Ask;

namespace Telemetry.CommandLine.Traces;

/// <summary>A trace for people.</summary>
internal static class TraceView
{
    private const int BarWidth = 32;
    private const int DeepestIndent = 12;
    private const int LongestMessage = 20_000;

    /// <summary>The spans with bars of their time.</summary>
    public static Table Tree(IReadOnlyList<ArrangedRow> spans)
    {
        double whole = spans.Max(s => Offset(s) + Length(s.Row));
        Table table = new Table().Border(TableBorder.None).AddColumn("span").AddColumn("time").AddColumn("bill");
        foreach (string heading in (string[])["took", "ttft", "in", "out", "cost"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        }

        foreach (TableColumn column in table.Columns.Take(3))
        {
            column.NoWrap = true;
            column.Padding = new Padding(0, 0, 1, 0);
        }

        foreach (ArrangedRow span in spans)
        {
            bool failed = span.Row.GetString("status") == "error";
            var style = new Style(failed ? Color.Red : span.Row.GetBoolean("billed") ? Color.Default : Color.Grey);
            table.AddRow(
                new Text(Name(span, failed), style), new Text(Bar(Offset(span), Length(span.Row), whole), style), new Text(RowTable.Safe(span.Row.GetString("bill"), 50), style),
                Cell(span.Row, "duration_ms", ColumnType.Number, style), Cell(span.Row, "ttft_ms", ColumnType.Number, style), Cell(span.Row, "input_tokens", ColumnType.Integer, style),
                Cell(span.Row, "output_tokens", ColumnType.Integer, style), Cell(span.Row, "cost_usd", ColumnType.Money, style));
        }

        return table;
    }

    /// <summary>What it all came to.</summary>
    public static IEnumerable<string> Sums(IReadOnlyList<ArrangedRow> spans)
    {
        List<ClickHouseRow> billed = [.. spans.Select(s => s.Row).Where(r => r.GetBoolean("billed"))];
        int unpriced = billed.Count(r => r.IsNull("cost_usd"));
        decimal cost = billed.Where(r => !r.IsNull("cost_usd")).Sum(r => r.GetDecimal("cost_usd"));
        string missing = unpriced > 0 ? $", {unpriced} without a price" : "";
        double whole = spans.Max(s => Offset(s) + Length(s.Row));
        yield return string.Create(CultureInfo.InvariantCulture, $"{spans.Count} spans in {RowTable.Duration(whole)}; {billed.Count} billed calls{missing}: {(unpriced == billed.Count && unpriced > 0 ? "cost unknown" : RowTable.Money(cost))}");
    }

    /// <summary>Judgements, incidents and anomalies that name it.</summary>
    public static IEnumerable<string> Judgements(IReadOnlyDictionary<string, Result> parts) =>
        parts["scores"].Rows.Select(r => $"score  {r.GetString("span_id")}  {RowTable.Safe(r.GetString("name"))} by {r.GetString("source")}: {Value(r)} {RowTable.Safe(r.GetString("explanation"), 200)}".TrimEnd())
            .Concat(parts["incidents"].Rows.Select(r => $"incident  {r.GetString("incident_id")}  {r.GetString("state")}  {RowTable.Safe(r.GetString("rule"))}: {RowTable.Safe(r.GetString("summary"), 200)}"))
            .Concat(parts["anomalies"].Rows.Select(r => $"anomaly  {r.GetString("state")}  {RowTable.Safe(r.GetString("metric"))}: {RowTable.Safe(r.GetString("why"), 200)}"));

    /// <summary>What was said, message by message.</summary>
    public static IEnumerable<string> Content(Result content)
    {
        bool any = false;
        foreach (ClickHouseRow row in content.Rows)
        {
            any = true;
            yield return $"--- {row.GetString("span_id")}";
            foreach (string column in (string[])["system_instructions", "input_messages", "output_messages"])
            {
                if (row.GetString(column) is { Length: > 0 } text)
                {
                    yield return $"{column}: {RowTable.Safe(text, LongestMessage)}";
                }
            }
        }

        if (!any)
        {
            yield return "no messages were kept: they are kept 7 days, by default of all calls (Telemetry:Processor:ContentShare)";
        }
    }

    private static string Name(ArrangedRow span, bool failed)
    {
        string indent = new(' ', 2 * (int)Math.Min(span.More[0].Value, DeepestIndent));
        string error = failed ? $" [{RowTable.Safe(span.Row.GetString("error_type"), 30)}]" : "";
        return $"{indent}{RowTable.Safe(span.Row.GetString("name"), 48)}{error}";
    }

    private static string Bar(double offset, double length, double whole)
    {
        if (whole <= 0)
        {
            return new string('━', BarWidth);
        }

        int start = Math.Clamp((int)(offset / whole * BarWidth), 0, BarWidth - 1);
        int width = Math.Clamp((int)Math.Round(length / whole * BarWidth), 1, BarWidth - start);
        return string.Concat(new string('·', start), new string('━', width), new string('·', BarWidth - start - width));
    }

    private static double Offset(ArrangedRow span) => span.More[1].Value;

    private static double Length(ClickHouseRow row) => row.IsNull("duration_ms") ? 0 : row.GetDouble("duration_ms");

    private static Text Cell(ClickHouseRow row, string column, ColumnType type, Style style) => new(RowTable.Format(column, type, row.GetValue(column)), style);

    private static string Value(ClickHouseRow row) => row.IsNull("value") ? RowTable.Safe(row.GetString("label")) : row.GetDouble("value").ToString("0.###", CultureInfo.InvariantCulture);
}
