using System.CommandLine;
using Telemetry.ClickHouse.Client;
using Telemetry.CommandLine.Alerts;
using Telemetry.CommandLine.Backup;
using Telemetry.CommandLine.DeadLetters;
using Telemetry.CommandLine.Detect;
using Telemetry.CommandLine.Prices;
using Telemetry.CommandLine.Reprice;
using Telemetry.CommandLine.Retention;
using Telemetry.Contracts.Prices;
using Telemetry.SpanLog;

namespace Telemetry.CommandLine;

/// <summary>The <c>telemetry</c> command: the explicit list of its commands, one file each.</summary>
internal static class CommandLineApp
{
    /// <summary>Runs one command line and returns its exit code (<see cref="ExitCodes"/>).</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, TimeProvider time)
    {
        var root = new RootCommand("Telemetry's command line. Exit codes: 0 done, 1 not done or not understood, 2 a file is missing or wrong.")
        {
            PricesCommand.Create(time),
            RepriceCommand.Create(time),
            DeadLettersCommand.Create(time),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            RetentionCommand.Create(time),
            AlertsCommand.Create(time),
            DetectCommand.Create(),
        };
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is PriceBookException or InvalidDataException or IOException or UnauthorizedAccessException or SpanLogException)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.BadFile;
        }
        catch (Exception e) when (e is ClickHouseException or HttpRequestException)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.NotDone;
        }
    }
}
