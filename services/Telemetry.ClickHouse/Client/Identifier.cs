namespace Telemetry.ClickHouse.Client;

/// <summary>Quotes names for SQL.</summary>
internal static class Identifier
{
    internal static string Quote(string name) =>
        "`" + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal) + "`";

    /// <summary>Quotes <c>table</c> or <c>database.table</c>.</summary>
    internal static string QuoteTable(string table) => string.Join('.', table.Split('.', 2).Select(Quote));
}
