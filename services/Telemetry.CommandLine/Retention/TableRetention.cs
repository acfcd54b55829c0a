namespace Telemetry.CommandLine.Retention;

/// <summary>How long a table keeps its rows, and how it grows.</summary>
/// <param name="Table">The table.</param>
/// <param name="Days">Days that a row is kept; null for ever.</param>
/// <param name="WholePartsOnly">Rows go only with their whole part, when its last row has expired.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Bytes">Bytes on disk.</param>
/// <param name="Oldest">Arrival of the oldest row; null for an empty table.</param>
/// <param name="Newest">Arrival of the newest row.</param>
/// <param name="RowsADay">Rows that arrived in the last day; for a younger table its rows as if it had gone on for a day.</param>
/// <param name="BytesADay">The same in bytes, at the table's bytes a row.</param>
internal sealed record TableRetention(
    string Table, int? Days, bool WholePartsOnly, long Rows, long Bytes, DateTimeOffset? Oldest, DateTimeOffset? Newest, double RowsADay, double BytesADay)
{
    /// <summary>How many days it grows on before as much expires as arrives.</summary>
    public double DaysOfGrowth(DateTimeOffset now) => Days is { } days ? Math.Max(0, days - (Oldest is { } oldest ? (now - oldest).TotalDays : 0)) : double.PositiveInfinity;
}

/// <summary>Retention of all tables together.</summary>
/// <param name="Tables">The tables.</param>
/// <param name="Bytes">Bytes of them all.</param>
/// <param name="BytesADay">What arrives a day.</param>
/// <param name="FreeBytes">Free on the disk.</param>
/// <param name="SettlesAtBytes">What the tables come to when as much expires as arrives; null when some table keeps its rows for ever and grows.</param>
/// <param name="FullAt">When the disk is full at that rate; null for not within ten years.</param>
internal sealed record RetentionReport(IReadOnlyList<TableRetention> Tables, long Bytes, double BytesADay, long FreeBytes, double? SettlesAtBytes, DateTimeOffset? FullAt)
{
    /// <summary>Adds the tables up.</summary>
    public static RetentionReport Of(IReadOnlyList<TableRetention> tables, long freeBytes, DateTimeOffset now)
    {
        double added = 0;
        DateTimeOffset? full = null;
        for (int day = 1; day <= RetainedTable.MostDays && full is null; day++)
        {
            added += tables.Sum(t => t.BytesADay * Math.Clamp(t.DaysOfGrowth(now) - (day - 1), 0, 1));
            full = added > freeBytes ? now.AddDays(day) : null;
        }

        bool settles = tables.All(t => t.Days is not null || t.BytesADay == 0);
        long bytes = tables.Sum(t => t.Bytes);
        double? end = settles ? bytes + tables.Where(t => t.BytesADay > 0).Sum(t => t.BytesADay * t.DaysOfGrowth(now)) : null;
        return new RetentionReport(tables, bytes, tables.Sum(t => t.BytesADay), freeBytes, end, full);
    }
}
