namespace Telemetry.AllInOne;

internal static class Program
{
    private static Task<int> Main(string[] args) => Telemetry.Hosting.Process.ServiceRunner.RunAsync(AllInOneProcess.Define(), args);
}
