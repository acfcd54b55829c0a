using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Telemetry.CommandLine.Backup;

/// <summary><c>telemetry backup</c>: the embedded ClickHouse and its span log as they are at one moment, while traffic goes on.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var to = new Option<string>("--to") { Description = "Where to: a new or empty directory, or a new file whose name ends in .tar", Required = true };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var connection = new ClickHouseConnection();
        var command = new Command(
            "backup",
            "Backs up the embedded ClickHouse and the span log beside it while they run. Inserts wait for some milliseconds, nothing else does. Everything that was accepted before is in it, once.")
        { to, json };
        connection.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            string path = result.GetRequiredValue(to);
            await using BackupTarget target = BackupTarget.Create(path);
            BackupManifest manifest = await new BackupDownload(target).RunAsync(connection.Open(result), cancellation);
            CommandOutput.Print(result, result.GetValue(json), BackupSummary.Of(manifest, path), console =>
            {
                console.WriteLine($"backed up to {path}");
                Print(console, manifest);
            });
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Prints what a backup holds.</summary>
    public static void Print(IAnsiConsole console, BackupManifest manifest)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("table").AddColumn(new TableColumn("rows").RightAligned()).AddColumn(new TableColumn("on disk").RightAligned());
        foreach (ManifestTable row in manifest.Tables)
        {
            table.AddRow(Markup.Escape(row.Name), row.Rows.ToString("N0", CultureInfo.InvariantCulture), ByteText.Of(row.Bytes));
        }

        console.Write(table);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"as of {manifest.TakenAt:u}: database {manifest.Database}, schema {manifest.SchemaVersion}, engine {manifest.EngineVersion}, {(manifest.HasSpanLog ? "with" : "without")} span log"));
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{manifest.Files.Count:N0} files, {ByteText.Of(manifest.Files.Sum(f => f.Bytes))}; inserts waited {manifest.PausedMilliseconds:0} ms"));
        if (manifest.LeftOut.Count > 0)
        {
            console.WriteLine($"without the rows of {string.Join(", ", manifest.LeftOut)}: such tables cannot be frozen");
        }
    }
}

/// <summary>What <c>--json</c> tells of a backup: the manifest without its files.</summary>
internal sealed record BackupSummary(
    string Path, DateTimeOffset TakenAt, string Database, string EngineVersion, int SchemaVersion, double PausedMilliseconds, bool HasSpanLog, IReadOnlyList<string> LeftOut,
    IReadOnlyList<ManifestTable> Tables, int Files, long Bytes)
{
    public static BackupSummary Of(BackupManifest manifest, string path) => new(
        path, manifest.TakenAt, manifest.Database, manifest.EngineVersion, manifest.SchemaVersion, manifest.PausedMilliseconds, manifest.HasSpanLog, manifest.LeftOut,
        manifest.Tables, manifest.Files.Count, manifest.Files.Sum(f => f.Bytes));
}
