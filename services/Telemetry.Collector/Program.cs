namespace Telemetry.Collector;

internal static class Program
{
    private static Task<int> Main(string[] args) => Telemetry.Hosting.Process.ServiceRunner.RunAsync(CollectorProcess.Define(), args);
}
