using Telemetry.Access;
using Telemetry.Access.Audit;
using Telemetry.Access.Web;
using Telemetry.ClickHouse.Client;
using Telemetry.Console.Access;
using Telemetry.Hosting.Health;
using Telemetry.Hosting.Process;

namespace Telemetry.Console;

/// <summary>The console as a process of its own, over a ClickHouse server.</summary>
public static class ConsoleProcess
{
    /// <summary>Its definition: settings and parts.</summary>
    public static ServiceDefinition Define()
    {
        var banner = new List<string>();
        return new ServiceDefinition
        {
            Name = "telemetry-console",
            Summary = "Answers questions about calls over HTTP: figures, calls, traces, alerts, SQL. Give it a read-only user of ClickHouse.",
            Sections = [(ConsoleOptions.Section, typeof(ConsoleOptions)), (ClickHouseOptions.Section, typeof(ClickHouseOptions)), (AccessOptions.Section, typeof(AccessOptions)), (OperationsOptions.Section, typeof(OperationsOptions))],
            Build = context => Build(context, banner),
            Banner = () => banner,
        };
    }

    private static Func<IReadOnlyList<ServicePart>> Build(ServiceContext context, List<string> banner)
    {
        ConsoleOptions options = context.Options.Read<ConsoleOptions>(ConsoleOptions.Section);
        ClickHouseOptions clickHouse = context.Options.Read<ClickHouseOptions>(ClickHouseOptions.Section);
        OperationsOptions operations = context.Options.Read<OperationsOptions>(OperationsOptions.Section);
        AccessOptions access = context.Options.Read<AccessOptions>(AccessOptions.Section);
        if (options.Enabled)
        {
            access.Decide(operations.BindAddress, $"{OperationsOptions.Section}:BindAddress", context.Options, byDefault: false);
        }

        return () =>
        {
            HttpClient http = ClickHouseClient.CreateHttpClient(clickHouse, context.Time);
            var reader = new ClickHouseClient(http, clickHouse);
            ClickHouseClient? writer = Writer(http, clickHouse, options.Writer);
            var audit = new AuditLog(writer, context.Loggers);
            var gate = new AccessGate(access, audit, context.Loggers, context.Time);
            var console = new ConsoleWeb(options, operations, reader, writer, context.Loggers, context.Time, new ConsoleGuard(gate, audit));
            var probe = new ClickHouseProbe(reader, context.Time);
            var web = new OperationsServer(operations, [new ReadinessCheck("clickhouse", () => probe.NotReadyReason)], context.Loggers, console);
            return
            [
                ServicePart.Owning("console", web.StartAsync, web),
                new("clickhouse", probe.StartAsync, async _ => { await probe.DisposeAsync(); console.Dispose(); gate.Dispose(); http.Dispose(); }),
                new("endpoints", _ => { banner.AddRange(gate.IsOpen ? [AccessGate.OpenNotice] : []); banner.AddRange(Banner.Lines("telemetry-console", ("Console", web.Url))); return Task.CompletedTask; }, _ => Task.CompletedTask),
            ];
        };
    }

    private static ClickHouseClient? Writer(HttpClient http, ClickHouseOptions options, WriterOptions writer) => writer.User.Length == 0
        ? null
        : new ClickHouseClient(http, new ClickHouseOptions { Url = options.Url, Database = options.Database, User = writer.User, Password = writer.Password, Timeout = options.Timeout });
}
