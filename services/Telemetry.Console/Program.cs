namespace Telemetry.Console;

internal static class Program
{
    private static Task<int> Main(string[] args) => Hosting.Process.ServiceRunner.RunAsync(ConsoleProcess.Define(), args);
}
