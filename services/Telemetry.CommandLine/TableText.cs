using System.Globalization;
using Spectre.Console;

namespace Telemetry.CommandLine;

/// <summary>Tables and figures for people.</summary>
internal static class TableText
{
    /// <summary>What stands where nothing is known.</summary>
    public const string Unknown = "-";

    private const double SmallestUsd = 1e-9;

    /// <summary>Prints a table.</summary>
    public static void WriteTable(this IAnsiConsole console, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)));
        }

        foreach (IReadOnlyList<string> row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        console.Write(table);
    }

    /// <summary>A share in percent.</summary>
    public static string Share(double? share) => share is { } s && double.IsFinite(s) ? string.Create(CultureInfo.InvariantCulture, $"{100 * s:0.##} %") : Unknown;

    /// <summary>A number with that many significant digits.</summary>
    public static string Number(double? number, int digits = 3)
    {
        if (number is not { } n || !double.IsFinite(n))
        {
            return Unknown;
        }

        int decimals = n == 0 ? 0 : Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(n))), 0, 12);
        return Math.Round(n, decimals).ToString("#,0." + new string('#', decimals), CultureInfo.InvariantCulture);
    }

    /// <summary>US dollars.</summary>
    public static string Usd(double? usd) => usd is { } u && double.IsFinite(u) ? (u <= -SmallestUsd ? "-$" : "$") + Number(Math.Abs(u) < SmallestUsd ? 0 : Math.Abs(u)) : Unknown;

    /// <summary>Milliseconds.</summary>
    public static string Milliseconds(double? milliseconds) => milliseconds is { } m && double.IsFinite(m) ? Number(m) + " ms" : Unknown;

    /// <summary>A time to the minute, UTC.</summary>
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
