using System.CommandLine;

namespace Telemetry.Chaos;

/// <summary>Kills everything at random under traffic, and counts whether anything acknowledged is lost or double.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var layout = new Option<string>("--layout") { Description = "all-in-one, distributed or both", DefaultValueFactory = _ => "both" };
        layout.AcceptOnlyFromAmong("all-in-one", "distributed", "both");
        var kills = new Option<int>("--kills") { Description = "Kills in each layout", DefaultValueFactory = _ => 20 };
        var pause = new Option<double>("--pause") { Description = "Seconds between kills, on average", DefaultValueFactory = _ => 2 };
        var senders = new Option<int>("--senders") { Description = "Senders at once", DefaultValueFactory = _ => 6 };
        var seed = new Option<int?>("--seed") { Description = "Seed of everything random; default a new one, which is printed" };
        var json = new Option<bool>("--json") { Description = "Print the result for machines" };
        var root = new RootCommand("Kills processes at random under traffic with retries, duplicate sends and poison records, then compares what was acknowledged with what ClickHouse has. Exit code 1 unless nothing is lost and nothing double.")
        {
            layout, kills, pause, senders, seed, json,
        };
        root.SetAction(async (result, cancellation) =>
        {
            int chosen = result.GetValue(seed) ?? Random.Shared.Next();
            var settings = new ChaosSettings(result.GetValue(kills), TimeSpan.FromSeconds(result.GetValue(pause)), result.GetValue(senders), chosen);
            await System.Console.Error.WriteLineAsync($"seed {chosen}");
            bool clean = true;
            foreach (string name in result.GetRequiredValue(layout) is "both" ? (string[])["all-in-one", "distributed"] : [result.GetRequiredValue(layout)])
            {
                await using ILayout target = name == "all-in-one" ? new AllInOneLayout() : new DistributedLayout();
                Verdict verdict = await new ChaosRun(target, settings).RunAsync(cancellation);
                verdict.Print(result.GetValue(json));
                clean &= verdict.IsClean;
            }

            return clean ? 0 : 1;
        });
        return await root.Parse(args).InvokeAsync();
    }
}

/// <summary>How hard it is.</summary>
/// <param name="Kills">Kills.</param>
/// <param name="Pause">Time between two, on average.</param>
/// <param name="Senders">Senders at once.</param>
/// <param name="Seed">Seed of everything random.</param>
internal sealed record ChaosSettings(int Kills, TimeSpan Pause, int Senders, int Seed);
