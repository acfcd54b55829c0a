using System.CommandLine;
using System.Runtime.InteropServices;
using Telemetry.LoadGenerator.Report;
using Telemetry.LoadGenerator.Run;
using Telemetry.LoadGenerator.Target;

namespace Telemetry.LoadGenerator;

internal static class Program
{
    private const int Wrong = 1;
    private const int NotRun = 2;

    private static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        RootCommand root = new CommandLine().Command((settings, json, _) => RunAsync(settings, json, stop.Token));
        ParseResult parsed = root.Parse(args);
        int code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? NotRun : code;
    }

    private static async Task<int> RunAsync(LoadSettings settings, bool json, CancellationToken stop)
    {
        try
        {
            await using ITarget target = settings.Target.Name == TargetName.Attached ? new AttachedTarget(settings.Target) : await StartedTarget.StartAsync(settings.Target, stop);
            using var run = new LoadRun(settings, target, TimeProvider.System);
            RunReport report = await run.RunAsync(stop);
            if (json)
            {
                System.Console.WriteLine(report.ToJson());
            }
            else
            {
                ReportPrinter.Print(report);
            }

            return report.IsRight ? 0 : Wrong;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException or TimeoutException or OperationCanceledException or ArgumentException)
        {
            await System.Console.Error.WriteLineAsync(e.Message);
            return NotRun;
        }
    }

    // The first signal ends the phase; what was acknowledged is still verified.
    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
