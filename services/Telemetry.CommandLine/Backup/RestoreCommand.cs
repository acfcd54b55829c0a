using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Telemetry.SpanLog.Local;

namespace Telemetry.CommandLine.Backup;

/// <summary><c>telemetry restore</c>: puts a backup into an empty data directory, or only checks it.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var from = new Option<string>("--from") { Description = "The backup: a directory or a .tar", Required = true };
        var data = new Option<string?>("--data") { Description = "Data directory of AllInOne; clickhouse and span-log below it must be new or empty, and no process may use them" };
        var keep = new Option<bool>("--keep-span-log") { Description = "Leave the span log that is there, and have it read again from where the backup stands: then nothing is lost that came after the backup either" };
        var check = new Option<bool>("--check") { Description = "Only read the backup and check every file against its manifest" };
        var json = new Option<bool>("--json") { Description = "Print for machines" };
        var command = new Command("restore", "Restores a backup into a data directory, while no process uses it; every file is checked. The next start goes on from there.") { from, data, keep, check, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(check) == (result.GetValue(data) is not null))
            {
                result.AddError("either --data DIR to restore, or --check to check the backup alone");
            }
        });
        command.SetAction(async (result, cancellation) =>
        {
            string path = result.GetRequiredValue(from);
            var source = BackupSource.Open(path);
            if (result.GetValue(data) is not { } directory)
            {
                BackupManifest manifest = await source.ReadAsync(open: null, cancellation);
                RestoreRun.Check(manifest);
                CommandOutput.Print(result, result.GetValue(json), BackupSummary.Of(manifest, path), console =>
                {
                    console.WriteLine($"{path} is complete and undamaged");
                    BackupCommand.Print(console, manifest);
                });
                return ExitCodes.Done;
            }

            RestoreSummary summary = await new RestoreRun(source, directory, result.GetValue(keep)).RunAsync(cancellation);
            CommandOutput.Print(result, result.GetValue(json), new { Backup = BackupSummary.Of(summary.Manifest, path), summary.Data, summary.Cursors }, console => Print(console, summary));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, RestoreSummary summary)
    {
        console.WriteLine($"restored to {summary.Data}");
        BackupCommand.Print(console, summary.Manifest);
        foreach (CursorChange cursor in summary.Cursors.Where(c => c.To != c.From))
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{cursor.Cursor}: set back from {cursor.From?.ToString(CultureInfo.InvariantCulture) ?? "nothing"} to {cursor.To?.ToString(CultureInfo.InvariantCulture) ?? "the oldest record"}"));
        }

        foreach (CursorChange cursor in summary.Cursors.Where(c => c.Missing > 0))
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{cursor.Cursor}: {cursor.Missing:N0} bytes behind the backup are no longer in the log; what they held is lost"));
        }
    }
}
