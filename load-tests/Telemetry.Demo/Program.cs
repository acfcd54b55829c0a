using System.CommandLine;
using System.Runtime.InteropServices;

namespace Telemetry.Demo;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        Option<Uri> otlp = Url("--otlp", "Collector", "http://127.0.0.1:4317");
        var protocol = new Option<string>("--protocol") { Description = "grpc or http", DefaultValueFactory = _ => "grpc" };
        protocol.AcceptOnlyFromAmong("grpc", "http");
        Option<Uri> clickHouse = Url("--clickhouse", "ClickHouse HTTP interface; CLICKHOUSE_USER and CLICKHOUSE_PASSWORD from the environment", "http://127.0.0.1:8123");
        var conversations = new Option<int>("--conversations") { Description = "How many conversations of one to three calls", DefaultValueFactory = _ => 240 };
        var parallel = new Option<int>("--parallel") { Description = "Conversations at a time", DefaultValueFactory = _ => 8 };
        var seed = new Option<int>("--seed") { Description = "Same seed, same traffic", DefaultValueFactory = _ => 1 };
        var keep = new Option<bool>("--keep") { Description = "Go on with a trickle of traffic until Ctrl-C" };
        var json = new Option<bool>("--json") { Description = "For machines" };
        var run = new Command("run", "Sends LLM traffic of a demo shop and compares what arrives in ClickHouse with the provider's ledger.")
        {
            otlp, protocol, clickHouse, conversations, parallel, seed, keep, json,
        };
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        run.SetAction(async (result, _) =>
        {
            var settings = new DemoSettings(
                result.GetRequiredValue(otlp), result.GetValue(protocol) == "http", result.GetRequiredValue(clickHouse), result.GetValue(conversations),
                result.GetValue(parallel), result.GetValue(seed), result.GetValue(keep), result.GetValue(json));
            try
            {
                return await new DemoRun(settings, TimeProvider.System).RunAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                return 0;
            }
            catch (HttpRequestException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 1;
            }
        });
        var root = new RootCommand("Demo traffic. Exit codes: 0 the ledger agrees or stopped by Ctrl-C, 1 something could not be reached, 3 the ledger disagrees.");
        root.Subcommands.Add(run);
        return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    private static Option<Uri> Url(string name, string description, string value) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => new Uri(value),
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
            {
                return url;
            }

            result.AddError($"{name} is \"{text}\"; allowed: an http or https URL");
            return null;
        },
    };
}
