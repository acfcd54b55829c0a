namespace Telemetry.CommandLine;

internal static class Program
{
    private static Task<int> Main(string[] args) => CommandLineApp.RunAsync(args, Console.Out, Console.Error, TimeProvider.System);
}
