using Telemetry.ClickHouse.Embedded;
using Telemetry.Hosting.Process;

namespace Telemetry.ClickHouseServer;

/// <summary>The embedded ClickHouse engine as a process of its own: for tests that kill it, and for looking at a data directory without the rest.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        EmbeddedClickHouse? engine = null;
        return ServiceRunner.RunAsync(
            new ServiceDefinition
            {
                Name = "telemetry-clickhouse-server",
                Summary = "ClickHouse's HTTP interface over the embedded engine.",
                Sections = [(EmbeddedClickHouseOptions.Section, typeof(EmbeddedClickHouseOptions))],
                Build = context =>
                {
                    EmbeddedClickHouseOptions options = context.Options.Read<EmbeddedClickHouseOptions>(EmbeddedClickHouseOptions.Section);
                    return () =>
                    {
                        engine = new EmbeddedClickHouse(options, context.Loggers, context.Time);
                        return [ServicePart.Owning("clickhouse", engine.StartAsync, engine)];
                    };
                },
                Banner = () => Banner.Lines("telemetry-clickhouse-server", ("ClickHouse", engine!.Url)),
            },
            args);
    }
}
