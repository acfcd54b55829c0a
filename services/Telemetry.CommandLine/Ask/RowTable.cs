using System.Globalization;
using Spectre.Console;
using Telemetry.ClickHouse.Client;
using Telemetry.Query.Ask;
using Telemetry.Query.Page;

namespace Telemetry.CommandLine.Ask;

/// <summary>Rows for people and for machines.</summary>
internal static class RowTable
{
    private const int LongestText = 60;

    /// <summary>Rows as objects; money as text, so that no reader rounds it.</summary>
    public static IReadOnlyList<Dictionary<string, object?>> Objects(Result result) => [.. result.Rows.Select(r => Object(result, r))];

    /// <summary>The first row as an object; empty when there is none.</summary>
    public static Dictionary<string, object?> First(Result result) => Objects(result) is [{ } first, ..] ? first : [];

    /// <summary>One row as an object.</summary>
    public static Dictionary<string, object?> Object(Result result, ClickHouseRow row) => result.Answer.Columns.Select((column, i) => (column.Name, Value: row.GetValue(i)))
        .Where(c => c.Name != Sort.Key).ToDictionary(c => c.Name, c => Plain(c.Value), StringComparer.Ordinal);

    /// <summary>A table of some columns.</summary>
    /// <param name="result">Rows.</param>
    /// <param name="columns">Column and heading.</param>
    public static Table Table(Result result, params IReadOnlyList<(string Column, string Heading)> columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        var types = result.Statement.Columns.ToDictionary(c => c.Name, c => c.Type, StringComparer.Ordinal);
        foreach ((string column, string heading) in columns)
        {
            var made = new TableColumn(new Text(heading)) { NoWrap = true };
            table.AddColumn(types[column] is ColumnType.Text or ColumnType.Texts or ColumnType.Time or ColumnType.Map ? made : made.RightAligned());
        }

        foreach (ClickHouseRow row in result.Rows)
        {
            // Texts come from spans: they are shown as they are, never as markup, and without what moves a cursor.
            table.AddRow(columns.Select(c => new Text(Format(c.Column, types[c.Column], row.GetValue(result.Answer.Ordinal(c.Column))))));
        }

        return table;
    }

    /// <summary>A value for people.</summary>
    public static string Format(string column, ColumnType type, object? value) => value switch
    {
        null => "-",
        decimal usd => Money(usd),
        DateTimeOffset moment => moment.UtcDateTime.ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        double number when column.EndsWith("_ms", StringComparison.Ordinal) => Duration(number),
        double number when column.EndsWith("_rate", StringComparison.Ordinal) => number.ToString("0.0 %", CultureInfo.InvariantCulture),
        double number => number.ToString("#,0.##", CultureInfo.InvariantCulture),
        object?[] list => Safe(string.Join(' ', list)),
        string text => Safe(text),
        _ when type == ColumnType.Integer => Convert.ToDecimal(value, CultureInfo.InvariantCulture).ToString("#,0", CultureInfo.InvariantCulture),
        _ => Safe(Convert.ToString(value, CultureInfo.InvariantCulture)!),
    };

    /// <summary>Dollars, with as many digits as small amounts need.</summary>
    public static string Money(decimal usd) => "$" + usd.ToString(Math.Abs(usd) >= 1 || usd == 0 ? "#,0.00" : "0.######", CultureInfo.InvariantCulture);

    /// <summary>Milliseconds for people.</summary>
    public static string Duration(double milliseconds) => milliseconds switch
    {
        < 1 => milliseconds.ToString("0.## ms", CultureInfo.InvariantCulture),
        < 1000 => milliseconds.ToString("0 ms", CultureInfo.InvariantCulture),
        < 60_000 => (milliseconds / 1000).ToString("0.0 s", CultureInfo.InvariantCulture),
        _ => (milliseconds / 60_000).ToString("0.0 min", CultureInfo.InvariantCulture),
    };

    /// <summary>A text of a span that cannot do anything to a terminal.</summary>
    public static string Safe(string text, int longest = LongestText)
    {
        string clean = string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? '\uFFFD' : c));
        return clean.Length <= longest ? clean : clean[..(longest - 1)] + "…";
    }

    private static object? Plain(object? value) => value switch
    {
        decimal usd => usd.ToString("0.############", CultureInfo.InvariantCulture),
        double number when !double.IsFinite(number) => null,
        DateTimeOffset moment => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        _ => value,
    };
}
