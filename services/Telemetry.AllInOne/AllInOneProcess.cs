using Telemetry.Access;
using Telemetry.Access.Audit;
using Telemetry.Access.Web;
using Telemetry.Alerting;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Embedded;
using Telemetry.ClickHouse.Migrations;
using Telemetry.Collector;
using Telemetry.Collector.Authenticate;
using Telemetry.Console;
using Telemetry.Console.Access;
using Telemetry.Detection;
using Telemetry.Hosting.Health;
using Telemetry.Hosting.Process;
using Telemetry.Judge;
using Telemetry.Processor;
using Telemetry.Processor.Price;
using Telemetry.SpanLog;

namespace Telemetry.AllInOne;

/// <summary>The whole pipeline in one process: embedded ClickHouse, local span log, Processor, Alerting, Judge, Collector and console.</summary>
internal sealed class AllInOneProcess
{
    private static readonly Uri s_nowhere = new("http://127.0.0.1:0");

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
                (AlertingOptions.Section, typeof(AlertingOptions)), (DetectionOptions.Section, typeof(DetectionOptions)), (JudgeOptions.Section, typeof(JudgeOptions)),
                (ConsoleOptions.Section, typeof(ConsoleOptions)), (AccessOptions.Section, typeof(AccessOptions)), (OperationsOptions.Section, typeof(OperationsOptions)),
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
            context.Options.Read<ConsoleOptions>(ConsoleOptions.Section),
            context.Options.Read<AccessOptions>(AccessOptions.Section),
            context.Options.Read<OperationsOptions>(OperationsOptions.Section));
        OpenMode.Decide(settings.Collector, context.Options, byDefault: true);
        if (settings.Console.Enabled)
        {
            settings.Access.Decide(settings.Operations.BindAddress, $"{OperationsOptions.Section}:BindAddress", context.Options, byDefault: true);
        }

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
        var clickHouse = new ClickHouseOptions { Url = s_nowhere, User = settings.Engine.User, Password = settings.Engine.Password };
        ClickHouseOptions reading = Reading(settings.Engine);
        HttpClient http = ClickHouseClient.CreateHttpClient();
        var client = new ClickHouseClient(http, clickHouse);
        var prices = new PriceBookSource(settings.Processor.Prices, context.Loggers, context.Time);
        var processor = new ProcessorService(settings.Processor, log, client, () => prices.Current, context.Loggers, context.Time);
        AlertingService? alerting = settings.Alerting.Enabled ? AlertingProcess.Create(settings.Alerting, settings.Detection, client, context) : null;
        var collector = new CollectorServer(settings.Collector, log, context.Loggers, context.Time);
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
            collector.KeysCheck,
            .. alerting?.ReadinessChecksBesideOthers ?? [],
            .. judge?.ReadinessChecksBesideOthers ?? [],
        ];
        var audit = new AuditLog(client, context.Loggers);
        var gate = new AccessGate(settings.Access, audit, context.Loggers, context.Time);
        var console = new ConsoleWeb(settings.Console, settings.Operations, new ClickHouseClient(http, reading), client, context.Loggers, context.Time, new ConsoleGuard(gate, audit));
        var health = new OperationsServer(settings.Operations, checks, context.Loggers, console);
        return
        [
            new("health", health.StartAsync, async _ => { await health.DisposeAsync(); console.Dispose(); gate.Dispose(); }),
            ServicePart.Owning("clickhouse", engine.StartAsync, engine),
            new("schema", stop => UpdateSchemaAsync(engine, [clickHouse, reading], schema, stop), _ => Task.CompletedTask),
            ServicePart.Owning("span log", log.StartAsync, log),
            new("processor", processor.StartAsync, async stop => { await processor.StopAsync(stop); prices.Dispose(); }),
            .. alerting is null ? (ServicePart[])[] : [new("alerting", alerting.StartAsync, async stop => { await alerting.StopAsync(stop); await alerting.DisposeAsync(); })],
            .. judge is null ? (ServicePart[])[] : [new("judge", judge.StartAsync, async stop => { await judge.StopAsync(stop); await judge.DisposeAsync(); })],
            new("collector", collector.StartAsync, async stop => { await collector.StopAsync(stop); await collector.DisposeAsync(); }),
            new("endpoints", _ => { console.OtlpUrl = collector.GrpcUrl; return WriteBanner(engine, collector, health, isConsoleOpen: settings.Console.Enabled && gate.IsOpen); }, _ => Task.CompletedTask),
        ];
    }

    // The console asks as the user who may only read, as long as there is one. It answers before the engine does: until then it must ask nobody, least of all another engine on the usual port.
    private static ClickHouseOptions Reading(EmbeddedClickHouseOptions engine) => engine.ReadOnlyUser.Length > 0
        ? new ClickHouseOptions { Url = s_nowhere, User = engine.ReadOnlyUser, Password = engine.ReadOnlyPassword }
        : new ClickHouseOptions { Url = s_nowhere, User = engine.User, Password = engine.Password };

    private static Task UpdateSchemaAsync(EmbeddedClickHouse engine, IEnumerable<ClickHouseOptions> clients, SchemaUpdate schema, CancellationToken stop)
    {
        // The engine's port is known only now: it may have been any free one.
        foreach (ClickHouseOptions options in clients)
        {
            options.Url = engine.LocalUrl;
        }

        return schema.RunAsync(stop);
    }

    private Task WriteBanner(EmbeddedClickHouse engine, CollectorServer collector, OperationsServer health, bool isConsoleOpen)
    {
        _ownCollector = collector.HttpUrl;
        _banner.AddRange(collector.IsOpen ? [OpenMode.Notice] : []);
        _banner.AddRange(isConsoleOpen ? [AccessGate.OpenNotice] : []);
        _banner.AddRange(Banner.Lines(
            "Telemetry is running:",
            ("OTLP/gRPC", collector.GrpcUrl), ("OTLP/HTTP", collector.HttpUrl), ("ClickHouse", engine.Url), ("Console", health.Url), ("Health", health.Url)));
        return Task.CompletedTask;
    }

    private sealed record Settings(
        EmbeddedClickHouseOptions Engine, SpanLogOptions Log, ProcessorOptions Processor, CollectorOptions Collector,
        AlertingOptions Alerting, DetectionOptions Detection, JudgeOptions Judge, ConsoleOptions Console, AccessOptions Access, OperationsOptions Operations);
}
