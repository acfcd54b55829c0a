using Telemetry.Hosting.Health;
using Telemetry.Hosting.Process;
using Telemetry.SpanLog;

namespace Telemetry.Collector;

/// <summary>The Collector as a process of its own.</summary>
public static class CollectorProcess
{
    /// <summary>Its definition: settings and parts.</summary>
    public static ServiceDefinition Define()
    {
        var banner = new List<string>();
        return new ServiceDefinition
        {
            Name = "telemetry-collector",
            Summary = "Takes OTLP spans and logs of LLM calls and keeps them in the span log; answers OK only when they are durable.",
            Sections = [(CollectorOptions.Section, typeof(CollectorOptions)), (SpanLogOptions.Section, typeof(SpanLogOptions)), (OperationsOptions.Section, typeof(OperationsOptions))],
            Build = context => Build(context, banner),
            Banner = () => banner,
        };
    }

    private static Func<IReadOnlyList<ServicePart>> Build(ServiceContext context, List<string> banner)
    {
        CollectorOptions options = context.Options.Read<CollectorOptions>(CollectorOptions.Section);
        SpanLogOptions logOptions = context.Options.Read<SpanLogOptions>(SpanLogOptions.Section);
        OperationsOptions operations = context.Options.Read<OperationsOptions>(OperationsOptions.Section);
        return () =>
        {
            ISpanLog log = SpanLogFactory.Create(logOptions, context.Loggers, context.Time);
            var server = new CollectorServer(options, log, context.Loggers, context.Time);
            var health = new OperationsServer(operations, [new ReadinessCheck("span_log", () => log.UnavailableReason)], context.Loggers);
            return
            [
                // First up and last down, so that it can tell what the others wait for.
                ServicePart.Owning("health", health.StartAsync, health),
                ServicePart.Owning("span log", log.StartAsync, log),
                new("collector", server.StartAsync, async stop => { await server.StopAsync(stop); await server.DisposeAsync(); }),
                new("endpoints", _ => { banner.AddRange(Banner.Lines("telemetry-collector", ("OTLP/gRPC", server.GrpcUrl), ("OTLP/HTTP", server.HttpUrl), ("Health", health.Url))); return Task.CompletedTask; }, _ => Task.CompletedTask),
            ];
        };
    }
}
