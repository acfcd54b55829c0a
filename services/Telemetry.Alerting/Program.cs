namespace Telemetry.Alerting;

internal static class Program
{
    private static Task<int> Main(string[] args) => Telemetry.Hosting.Process.ServiceRunner.RunAsync(AlertingProcess.Define(), args);
}
