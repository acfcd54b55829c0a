using System.CommandLine;
using Telemetry.CommandLine.Prices;
using Telemetry.Contracts.Prices;

namespace Telemetry.CommandLine;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("Telemetry's command line. Exit codes: 0 done, 1 could not be done, 2 something is wrong with a file.");
        root.Subcommands.Add(PricesCommand.Create());
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is PriceBookException or InvalidDataException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }
}
