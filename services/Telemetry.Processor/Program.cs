namespace Telemetry.Processor;

internal static class Program
{
    private static Task<int> Main(string[] args) => Telemetry.Hosting.Process.ServiceRunner.RunAsync(ProcessorProcess.Define(), args);
}
