using System.CommandLine;
using Telemetry.Access.Accounts;
using Telemetry.ClickHouse.Client;
using Telemetry.CommandLine.Accounts;
using Telemetry.CommandLine.Alerts;
using Telemetry.CommandLine.Backup;
using Telemetry.CommandLine.Calls;
using Telemetry.CommandLine.Completion;
using Telemetry.CommandLine.Costs;
using Telemetry.CommandLine.DeadLetters;
using Telemetry.CommandLine.Detect;
using Telemetry.CommandLine.Evals;
using Telemetry.CommandLine.Judge;
using Telemetry.CommandLine.Keys;
using Telemetry.CommandLine.Levers;
using Telemetry.CommandLine.Prices;
using Telemetry.CommandLine.Prompts;
using Telemetry.CommandLine.Reprice;
using Telemetry.CommandLine.Retention;
using Telemetry.CommandLine.Review;
using Telemetry.CommandLine.Top;
using Telemetry.CommandLine.Traces;
using Telemetry.Contracts.Prices;
using Telemetry.Hosting.Configuration;
using Telemetry.Hosting.Tls;
using Telemetry.Keys;
using Telemetry.Quality.Evaluate;
using Telemetry.Query.Ask;
using Telemetry.SpanLog;

namespace Telemetry.CommandLine;

/// <summary>The <c>telemetry</c> command: the explicit list of its commands, one file each.</summary>
internal static class CommandLineApp
{
    /// <summary>Runs one command line and returns its exit code (<see cref="ExitCodes"/>).</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, TimeProvider time)
    {
        RootCommand root = Create(time);
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is PriceBookException or EvalSetException or ConfigurationException or InvalidDataException or IOException or UnauthorizedAccessException or SpanLogException or KeyFileException or TlsException or AccessFileException)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.BadFile;
        }
        catch (Exception e) when (e is ClickHouseException or HttpRequestException or InvalidQueryException)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.NotDone;
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Create(TimeProvider time)
    {
        var root = new RootCommand("Telemetry's command line. Exit codes: 0 done, 1 not done or not understood, 2 a file is missing or wrong, 3 something is not well (status) or not all could be found out (eval run).")
        {
            Status.StatusCommand.Create(time),
            TopCommand.Create(time),
            CallsCommand.Create(time),
            TraceCommand.Create(),
            CostCommand.Create(time),
            PricesCommand.Create(time),
            RepriceCommand.Create(time),
            DeadLettersCommand.Create(time),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            RetentionCommand.Create(time),
            AlertsCommand.Create(time),
            KeysCommand.Create(time),
            AccountsCommand.Create(time),
            JudgeCommand.Create(time),
            PromptsCommand.Create(time),
            ReviewCommand.Create(time),
            LeversCommand.Create(),
            EvalCommand.Create(time),
            DetectCommand.Create(),
        };
        root.Add(CompletionCommand.Create());
        root.Add(CompletionCommand.Complete(root));
        return root;
    }
}
