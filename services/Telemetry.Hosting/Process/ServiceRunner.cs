using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Telemetry.Hosting.Configuration;
using Telemetry.Hosting.Observability;

namespace Telemetry.Hosting.Process;

/// <summary>
/// Runs a process from its command line to its exit code: 0 stopped as asked, 1 could not start or stop cleanly, 2 wrong configuration.
/// </summary>
public static class ServiceRunner
{
    private const int ExitFailed = 1;
    private const int ExitWrongConfiguration = 2;

    /// <summary>Runs until SIGTERM or SIGINT.</summary>
    public static async Task<int> RunAsync(ServiceDefinition service, string[] args)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(args);
        if (args.Any(a => a is "--help" or "-h" or "-?"))
        {
            OptionsHelp.Write(Console.Out, service);
            return 0;
        }

        try
        {
            return await RunConfiguredAsync(service, StandardConfiguration.Load(args));
        }
        catch (ConfigurationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            await Console.Error.WriteLineAsync($"Run {service.Name} --help for every key.");
            return ExitWrongConfiguration;
        }
    }

    private static async Task<int> RunConfiguredAsync(ServiceDefinition service, IConfigurationRoot configuration)
    {
        var reader = new OptionsReader(configuration);
        ServiceOptions options = reader.Read<ServiceOptions>(ServiceOptions.Section);
        using ILoggerFactory loggers = LoggerFactory.Create(logging => ConfigureLogging(logging, configuration, options));
        Func<IReadOnlyList<ServicePart>> build = service.Build(new ServiceContext(reader, loggers, TimeProvider.System));
        reader.RefuseUnreadSections("Telemetry");
        reader.ThrowIfInvalid();

        using SelfTelemetry telemetry = SelfTelemetry.Start(service.Name);
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Cancel(context, stop));
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Cancel(context, stop));
        return await RunPartsAsync(service, build, options, loggers.CreateLogger(service.Name), stop.Token);
    }

    private static async Task<int> RunPartsAsync(
        ServiceDefinition service, Func<IReadOnlyList<ServicePart>> build, ServiceOptions options, ILogger logger, CancellationToken stop)
    {
        bool failed = false;
        ServiceParts? parts = null;
        try
        {
            parts = new ServiceParts(build(), logger);
            await parts.StartAsync(stop);
            foreach (string line in service.Banner())
            {
                Console.WriteLine(line);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop, during the start or while running.
        }
        catch (ConfigurationException)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever keeps the process from starting is told in one place, then it ends.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failed = true;
            logger.LogCritical(e, "{Service} could not start: {Reason}", service.Name, e.Message);
        }

        bool clean = parts is null || await parts.StopAsync(options.ShutdownTimeout, TimeProvider.System);
        return failed || !clean ? ExitFailed : 0;
    }

    private static void Cancel(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    private static void ConfigureLogging(ILoggingBuilder logging, IConfiguration configuration, ServiceOptions options)
    {
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddFilter("Microsoft", LogLevel.Warning);
        if (options.LogFormat == LogFormat.Json)
        {
            logging.AddJsonConsole(json => json.UseUtcTimestamp = true);
        }
        else
        {
            logging.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.UseUtcTimestamp = true;
                text.TimestampFormat = "HH:mm:ss.fff'Z' ";
            });
        }

        // Standard output belongs to what the process says to its user; logs go to standard error.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
