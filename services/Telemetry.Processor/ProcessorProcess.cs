using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Migrations;
using Telemetry.Hosting.Health;
using Telemetry.Hosting.Process;
using Telemetry.Processor.Price;
using Telemetry.SpanLog;

namespace Telemetry.Processor;

/// <summary>The Processor as a process of its own.</summary>
public static class ProcessorProcess
{
    /// <summary>Its definition: settings and parts.</summary>
    public static ServiceDefinition Define()
    {
        var banner = new List<string>();
        return new ServiceDefinition
        {
            Name = "telemetry-processor",
            Summary = "Turns the spans of the span log into priced calls and rollups in ClickHouse.",
            Sections =
            [
                (ProcessorOptions.Section, typeof(ProcessorOptions)), (SpanLogOptions.Section, typeof(SpanLogOptions)),
                (ClickHouseOptions.Section, typeof(ClickHouseOptions)), (OperationsOptions.Section, typeof(OperationsOptions)),
            ],
            Build = context => Build(context, banner),
            Banner = () => banner,
        };
    }

    private static Func<IReadOnlyList<ServicePart>> Build(ServiceContext context, List<string> banner)
    {
        ProcessorOptions options = context.Options.Read<ProcessorOptions>(ProcessorOptions.Section);
        SpanLogOptions logOptions = context.Options.Read<SpanLogOptions>(SpanLogOptions.Section);
        ClickHouseOptions clickHouse = context.Options.Read<ClickHouseOptions>(ClickHouseOptions.Section);
        OperationsOptions operations = context.Options.Read<OperationsOptions>(OperationsOptions.Section);
        return () =>
        {
            ISpanLog log = SpanLogFactory.Create(logOptions, context.Loggers, context.Time);
            var client = new ClickHouseClient(ClickHouseClient.CreateHttpClient(clickHouse, context.Time), clickHouse);
            var prices = new PriceBookSource(options.Prices, context.Loggers, context.Time);
            var processor = new ProcessorService(options, log, client, () => prices.Current, context.Loggers, context.Time);
            var schema = new SchemaUpdate(client, context);
            IReadinessCheck[] checks = [new ReadinessCheck("schema", () => schema.NotReadyReason), new ReadinessCheck("span_log", () => log.UnavailableReason), .. processor.ReadinessChecks];
            var health = new OperationsServer(operations, checks, context.Loggers);
            return
            [
                ServicePart.Owning("health", health.StartAsync, health),
                new("schema", schema.RunAsync, _ => Task.CompletedTask),
                ServicePart.Owning("span log", log.StartAsync, log),
                new("processor", processor.StartAsync, async stop => { await processor.StopAsync(stop); prices.Dispose(); }),
                new("endpoints", _ => { banner.AddRange(Banner.Lines("telemetry-processor", ("Health", health.Url))); return Task.CompletedTask; }, _ => Task.CompletedTask),
            ];
        };
    }
}
