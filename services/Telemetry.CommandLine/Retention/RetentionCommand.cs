using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Telemetry.CommandLine.Retention;

/// <summary><c>telemetry retention</c>: how long rows are kept, what they take up, and how to change it.</summary>
internal static class RetentionCommand
{
    public static Command Create(TimeProvider time) => new("retention", "How long rows are kept and what they take up.") { Show(time), Set(time) };

    private static Command Show(TimeProvider time)
    {
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("show", "Shows each table's retention, rows, bytes and growth, and when the disk is full at that rate.") { json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            RetentionReport report = await new RetentionStore(connection.Open(result), time).ReadAsync(cancellation);
            CommandOutput.Print(result, result.GetValue(json), report, console => Print(console, report));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Set(TimeProvider time)
    {
        var table = new Option<string>("--table") { Description = $"One of {Names()}", Required = true };
        var days = new Option<int?>("--days") { Description = $"Days that rows are kept after their arrival, at most {RetainedTable.MostDays}" };
        var forever = new Option<bool>("--forever") { Description = "Keep rows for ever" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell what would happen, and change nothing" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command("set", "Sets how long a table keeps its rows. Rows that are older go within the hour, and no backup is made of them.") { table, days, forever, dryRun, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            string name = result.GetRequiredValue(table);
            int? wanted = result.GetValue(days);
            RetainedTable? known = RetainedTable.Find(name);
            if (Objection(name, known, wanted, result.GetValue(forever)) is { } objection)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(objection);
                return ExitCodes.NotDone;
            }

            var store = new RetentionStore(connection.Open(result), time);
            if (await store.ReadAsync(known!, cancellation) is not { } before)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync($"--table {name}: the database does not have it; has its schema been set up?");
                return ExitCodes.NotDone;
            }

            long older = wanted is { } limit ? await store.CountOlderAsync(known!, limit, cancellation) : 0;
            var change = new RetentionChange(name, before.Days, wanted, result.GetValue(dryRun), older, before.Rows, before.WholePartsOnly, RetentionStore.Statement(known!, wanted));
            if (!change.DryRun && before.Days != wanted)
            {
                await store.SetAsync(known!, wanted, cancellation);
            }

            CommandOutput.Print(result, result.GetValue(json), change, console => Print(console, change));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string? Objection(string name, RetainedTable? table, int? days, bool forever)
    {
        if (table is null)
        {
            return $"--table \"{name}\" has no retention to set; allowed: {Names()}";
        }

        if (days is null != forever)
        {
            return "either --days N or --forever";
        }

        return days is { } count && (count < table.FewestDays || count > RetainedTable.MostDays)
            ? string.Create(CultureInfo.InvariantCulture, $"--days {count}: {name} allows {table.FewestDays} to {RetainedTable.MostDays}{(count < table.FewestDays ? ", since " + table.Why : "")}")
            : null;
    }

    private static string Names() => string.Join(", ", RetainedTable.All.Select(t => t.Name));

    private static void Print(IAnsiConsole console, RetentionReport report)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("table");
        foreach (string column in (string[])["kept", "rows", "on disk", "rows a day", "a day", "oldest", "newest"])
        {
            table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        }

        foreach (TableRetention row in report.Tables)
        {
            table.AddRow(
                row.Table, Days(row.Days), row.Rows.ToString("N0", CultureInfo.InvariantCulture), ByteText.Of(row.Bytes), row.RowsADay.ToString("N0", CultureInfo.InvariantCulture),
                ByteText.Of(row.BytesADay), Day(row.Oldest), Day(row.Newest));
        }

        console.Write(table);
        string settles = report.SettlesAtBytes is { } end ? $"settling at {ByteText.Of(end)}" : "without an end, since some table keeps its rows for ever";
        console.WriteLine($"{ByteText.Of(report.Bytes)} in all, growing by {ByteText.Of(report.BytesADay)} a day, {settles}; {ByteText.Of(report.FreeBytes)} free");
        console.WriteLine(report.FullAt is { } full ? $"the disk is full at that rate on {Day(full)}" : "the disk is not full at that rate within ten years");
    }

    private static void Print(IAnsiConsole console, RetentionChange change)
    {
        string verb = change.DryRun ? "would be kept" : "are kept";
        console.WriteLine($"{change.Table}: rows {verb} {Days(change.Days)}, {Days(change.DaysBefore)} before");
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{change.RowsOlder:N0} of {change.Rows:N0} rows are older"));
        if (change.WholePartsOnly && change.Days is not null)
        {
            console.WriteLine("rows go with their whole part, when its last row has expired: up to a partition (a day, or a month) later");
        }

        console.WriteLine(change.Statement);
    }

    private static string Days(int? days) => days is { } count ? string.Create(CultureInfo.InvariantCulture, $"{count} days") : "for ever";

    private static string Day(DateTimeOffset? at) => at?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>What was set, or would be.</summary>
internal sealed record RetentionChange(string Table, int? DaysBefore, int? Days, bool DryRun, long RowsOlder, long Rows, bool WholePartsOnly, string Statement);
