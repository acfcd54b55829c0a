using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Migrations;
using Telemetry.Detection;
using Telemetry.Hosting.Configuration;
using Telemetry.Hosting.Health;
using Telemetry.Hosting.Process;

namespace Telemetry.Alerting;

/// <summary>Alerting as a process of its own.</summary>
public static class AlertingProcess
{
    /// <summary>Its definition: settings and parts.</summary>
    public static ServiceDefinition Define()
    {
        var banner = new List<string>();
        return new ServiceDefinition
        {
            Name = "telemetry-alerting",
            Summary = "Detects anomalies and evaluates rules over the rollups, keeps incidents and notifies people.",
            Sections = [(AlertingOptions.Section, typeof(AlertingOptions)), (DetectionOptions.Section, typeof(DetectionOptions)), (ClickHouseOptions.Section, typeof(ClickHouseOptions)), (OperationsOptions.Section, typeof(OperationsOptions))],
            Build = context => Build(context, banner),
            Banner = () => banner,
        };
    }

    /// <summary>The service of the options, which also detects anomalies; wrong rules and channels are wrong configuration.</summary>
    /// <exception cref="ConfigurationException">One line for each error of a file.</exception>
    public static AlertingService Create(AlertingOptions options, DetectionOptions detectionOptions, ClickHouseClient client, ServiceContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            var detection = new DetectionLoop(client, detectionOptions, $"{Environment.MachineName}/{Environment.ProcessId}", context.Loggers, context.Time);
            return new AlertingService(options, client, [new AlertingTask("detection", detection.TickAsync)], context.Loggers, context.Time);
        }
        catch (RuleFileException e)
        {
            throw new ConfigurationException(e.Errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([e.Message]);
        }
    }

    private static Func<IReadOnlyList<ServicePart>> Build(ServiceContext context, List<string> banner)
    {
        AlertingOptions options = context.Options.Read<AlertingOptions>(AlertingOptions.Section);
        DetectionOptions detection = context.Options.Read<DetectionOptions>(DetectionOptions.Section);
        ClickHouseOptions clickHouse = context.Options.Read<ClickHouseOptions>(ClickHouseOptions.Section);
        OperationsOptions operations = context.Options.Read<OperationsOptions>(OperationsOptions.Section);
        return () =>
        {
            var client = new ClickHouseClient(ClickHouseClient.CreateHttpClient(), clickHouse);
            AlertingService alerting = Create(options, detection, client, context);
            var schema = new SchemaUpdate(client, context);
            IReadinessCheck[] checks = [new ReadinessCheck("schema", () => schema.NotReadyReason), .. alerting.ReadinessChecks];
            var health = new OperationsServer(operations, checks, context.Loggers);
            return
            [
                ServicePart.Owning("health", health.StartAsync, health),
                new("schema", schema.RunAsync, _ => Task.CompletedTask),
                new("alerting", alerting.StartAsync, async stop => { await alerting.StopAsync(stop); await alerting.DisposeAsync(); }),
                new("endpoints", _ => { banner.AddRange(Banner.Lines("telemetry-alerting", ("Health", health.Url))); return Task.CompletedTask; }, _ => Task.CompletedTask),
            ];
        };
    }
}
