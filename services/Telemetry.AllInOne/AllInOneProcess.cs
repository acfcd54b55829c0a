using Telemetry.Alerting;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Embedded;
using Telemetry.ClickHouse.Migrations;
using Telemetry.Collector;
using Telemetry.Detection;
using Telemetry.Hosting.Health;
using Telemetry.Hosting.Process;
using Telemetry.Judge;
using Telemetry.Processor;
using Telemetry.Processor.Price;
using Telemetry.SpanLog;

namespace Telemetry.AllInOne;

/// <summary>The whole pipeline in one process: embedded ClickHouse, local span log, Processor, Alerting, Judge and Collector.</summary>
internal sealed class AllInOneProcess
{
    private readonly List<string> _banner = [];
    private volatile Uri? _ownCollector;

    /// <summary>Its definition: settings and parts.</summary>
    public static ServiceDefinition Define()
    {
        var process = new AllInOneProcess();
        return new ServiceDefinition
        {
            Name = "telemetry",
            Summary = "LLM observability in one process: OTLP in; priced calls, rollups and ClickHouse's HTTP interface out.",
            Sections =
            [
                (CollectorOptions.Section, typeof(CollectorOptions)), (SpanLogOptions.Section, typeof(SpanLogOptions)),
                (ProcessorOptions.Section, typeof(ProcessorOptions)), (EmbeddedClickHouseOptions.Section, typeof(EmbeddedClickHouseOptions)),
                (AlertingOptions.Section, typeof(AlertingOptions)), (DetectionOptions.Section, typeof(DetectionOptions)), (JudgeOptions.Section, typeof(JudgeOptions)), (OperationsOptions.Section, typeof(OperationsOptions)),
            ],
            Build = process.Build,
            Banner = () => process._banner,
        };
    }

    private Func<IReadOnlyList<ServicePart>> Build(ServiceContext context)
    {
        var settings = new Settings(
            context.Options.Read<EmbeddedClickHouseOptions>(EmbeddedClickHouseOptions.Section),
            context.Options.Read<SpanLogOptions>(SpanLogOptions.Section),
            context.Options.Read<ProcessorOptions>(ProcessorOptions.Section),
            context.Options.Read<CollectorOptions>(CollectorOptions.Section),
            context.Options.Read<AlertingOptions>(AlertingOptions.Section),
            context.Options.Read<DetectionOptions>(DetectionOptions.Section),
            context.Options.Read<JudgeOptions>(JudgeOptions.Section),
            context.Options.Read<OperationsOptions>(OperationsOptions.Section));
        return () => Parts(context, settings);
    }

    // In this order they start; in the reverse order they stop: the Collector stops accepting, the Processor stops reading, the log and the engine close last.
    private IReadOnlyList<ServicePart> Parts(ServiceContext context, Settings settings)
    {
        var engine = new EmbeddedClickHouse(settings.Engine, context.Loggers, context.Time)
        {
            BackupCompanions = settings.Log.Kind == SpanLogKind.Local ? [new SpanLogCompanion(settings.Log.Path)] : [],
        };
        ISpanLog log = SpanLogFactory.Create(settings.Log, context.Loggers, context.Time);
        var clickHouse = new ClickHouseOptions { User = settings.Engine.User, Password = settings.Engine.Password };
        var client = new ClickHouseClient(ClickHouseClient.CreateHttpClient(), clickHouse);
        var prices = new PriceBookSource(settings.Processor.Prices, context.Loggers, context.Time);
        var processor = new ProcessorService(settings.Processor, log, client, () => prices.Current, context.Loggers, context.Time);
        AlertingService? alerting = settings.Alerting.Enabled ? AlertingProcess.Create(settings.Alerting, settings.Detection, client, context) : null;
        var collector = new CollectorServer(settings.Collector, log, context.Loggers);
        JudgeService? judge = settings.Judge.Endpoint.Url.Length > 0
            ? JudgeProcess.Create(settings.Judge, client, () => prices.Current, () => settings.Judge.OtlpEndpoint.Length > 0 ? new Uri(settings.Judge.OtlpEndpoint) : _ownCollector, context)
            : null;
        var schema = new SchemaUpdate(client, context);
        IReadinessCheck[] checks =
        [
            new ReadinessCheck("clickhouse", () => engine.NotReadyReason),
            new ReadinessCheck("schema", () => schema.NotReadyReason),
            new ReadinessCheck("span_log", () => log.UnavailableReason),
            .. processor.ReadinessChecks,
            new ReadinessCheck("prices", () => prices.Problem),
            .. alerting?.ReadinessChecksBesideOthers ?? [],
            .. judge?.ReadinessChecksBesideOthers ?? [],
        ];
        var health = new OperationsServer(settings.Operations, checks, context.Loggers);
        return
        [
            ServicePart.Owning("health", health.StartAsync, health),
            ServicePart.Owning("clickhouse", engine.StartAsync, engine),
            new("schema", stop => UpdateSchemaAsync(engine, clickHouse, schema, stop), _ => Task.CompletedTask),
            ServicePart.Owning("span log", log.StartAsync, log),
            new("processor", processor.StartAsync, async stop => { await processor.StopAsync(stop); prices.Dispose(); }),
            .. alerting is null ? (ServicePart[])[] : [new("alerting", alerting.StartAsync, async stop => { await alerting.StopAsync(stop); await alerting.DisposeAsync(); })],
            .. judge is null ? (ServicePart[])[] : [new("judge", judge.StartAsync, async stop => { await judge.StopAsync(stop); await judge.DisposeAsync(); })],
            new("collector", collector.StartAsync, async stop => { await collector.StopAsync(stop); await collector.DisposeAsync(); }),
            new("endpoints", _ => WriteBanner(engine, collector, health), _ => Task.CompletedTask),
        ];
    }

    private static Task UpdateSchemaAsync(EmbeddedClickHouse engine, ClickHouseOptions options, SchemaUpdate schema, CancellationToken stop)
    {
        // The engine's port is known only now: it may have been any free one.
        options.Url = engine.Url;
        return schema.RunAsync(stop);
    }

    private Task WriteBanner(EmbeddedClickHouse engine, CollectorServer collector, OperationsServer health)
    {
        _ownCollector = collector.HttpUrl;
        _banner.AddRange(Banner.Lines(
            "Telemetry is running:",
            ("OTLP/gRPC", collector.GrpcUrl), ("OTLP/HTTP", collector.HttpUrl), ("ClickHouse", engine.Url), ("Health", health.Url)));
        return Task.CompletedTask;
    }

    private sealed record Settings(
        EmbeddedClickHouseOptions Engine, SpanLogOptions Log, ProcessorOptions Processor, CollectorOptions Collector,
        AlertingOptions Alerting, DetectionOptions Detection, JudgeOptions Judge, OperationsOptions Operations);
}
