namespace Telemetry.Judge;

internal static class Program
{
    private static Task<int> Main(string[] args) => Telemetry.Hosting.Process.ServiceRunner.RunAsync(JudgeProcess.Define(), args);
}
