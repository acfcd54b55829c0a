using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Telemetry.Fuzz;

/// <summary>The command line of the fuzzer.</summary>
internal static class Program
{
    private const int ExitFailed = 1;
    private static readonly JsonSerializerOptions ForMachines = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static int Main(string[] args)
    {
        var target = new Option<string[]>("--target") { Description = $"What is fed; all when not given. One of: {string.Join(", ", FuzzTargets.Names)}", AllowMultipleArgumentsPerToken = true };
        target.AcceptOnlyFromAmong([.. FuzzTargets.Names]);
        var inputs = new Option<long>("--inputs") { Description = "Inputs over all chosen targets; cheap ones get more of them", DefaultValueFactory = _ => 1_000_000 };
        var seconds = new Option<double?>("--seconds") { Description = "Longest time for each target" };
        var seed = new Option<ulong>("--seed") { Description = "Seed; the same seed makes the same inputs", DefaultValueFactory = _ => 1 };
        var first = new Option<long>("--first") { Description = "Number of the first input" };
        var parallel = new Option<int>("--parallel") { Description = "Threads", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "Print the result for machines" };
        var directory = new Option<string>("--directory") { Description = "Directory for inputs with a finding", DefaultValueFactory = _ => Path.Combine("data", "fuzz") };
        var replay = new Option<FileInfo?>("--replay") { Description = "Feeds this file and nothing else, to the one target that is given; also a .current file that a crash of the process left" };
        var root = new RootCommand("Feeds the readers of foreign bytes with broken and hostile inputs. Exit code 1 when one shows a fault.")
        {
            target, inputs, seconds, seed, first, parallel, json, directory, replay,
        };
        root.SetAction(parsed =>
        {
            string[] names = parsed.GetValue(target) is { Length: > 0 } chosen ? chosen : [.. FuzzTargets.Names];
            if (parsed.GetValue(replay) is { } file)
            {
                return Replay(names, file.FullName);
            }

            string findings = Path.GetFullPath(parsed.GetRequiredValue(directory));
            Directory.CreateDirectory(findings);
            var plan = new FuzzPlan(parsed.GetValue(seed), 0)
            {
                First = parsed.GetValue(first),
                Duration = parsed.GetValue(seconds) is { } duration ? TimeSpan.FromSeconds(duration) : null,
                Parallel = Math.Max(1, parsed.GetValue(parallel)),
                Directory = findings,
            };
            return RunAll(names, parsed.GetValue(inputs), plan, parsed.GetValue(json));
        });
        return root.Parse(args).Invoke();
    }

    private static int RunAll(string[] names, long inputs, FuzzPlan plan, bool json)
    {
        var results = new List<FuzzTotals>();
        foreach ((FuzzTargetEntry entry, long share) in FuzzTargets.Divide(names, inputs))
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entry.Name}: {share:N0} inputs"));
            results.Add(new FuzzRun(entry.Make, plan with { Inputs = share, Parallel = entry.IsAlone ? 1 : plan.Parallel }, Console.Error).Run());
        }

        if (json)
        {
            PrintJson(results, plan.Seed);
        }
        else
        {
            PrintTable(results, plan.Seed);
        }

        return results.All(r => r.Findings.Count == 0) ? 0 : ExitFailed;
    }

    private static void PrintTable(List<FuzzTotals> results, ulong seed)
    {
        Console.WriteLine($"{"target",-12} {"inputs",12} {"inputs/s",10} {"findings",8} {"peak MiB",9} {"slowest ms",11}");
        foreach (FuzzTotals r in results)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{r.Target,-12} {r.Inputs,12:N0} {r.PerSecond,10:N0} {r.Findings.Count,8} {r.PeakBytes >> 20,9:N0} {r.Slowest.TotalMilliseconds,11:N0}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{results.Sum(r => r.Inputs):N0} inputs of seed {seed}, {results.Sum(r => r.Findings.Count)} findings"));
    }

    private static void PrintJson(List<FuzzTotals> results, ulong seed) => Console.WriteLine(JsonSerializer.Serialize(
        new
        {
            Seed = seed,
            Inputs = results.Sum(r => r.Inputs),
            Findings = results.Sum(r => r.Findings.Count),
            Targets = results.Select(r => new
            {
                r.Target,
                r.Inputs,
                Seconds = Math.Round(r.Elapsed.TotalSeconds, 3),
                InputsPerSecond = Math.Round(r.PerSecond),
                r.PeakBytes,
                SlowestMilliseconds = Math.Round(r.Slowest.TotalMilliseconds, 1),
                Findings = r.Findings.Select(f => new { f.Reason, f.Index, f.Path }),
            }),
        },
        ForMachines));

    private static int Replay(string[] names, string path)
    {
        if (names.Length != 1)
        {
            Console.Error.WriteLine("--replay needs one --target");
            return ExitFailed;
        }

        byte[] bytes = FuzzJournal.Read(path) ?? File.ReadAllBytes(path);
        IFuzzTarget target = FuzzTargets.Find(names[0]).Make();
        FuzzAttempt attempt = FuzzAttempt.Run(target, bytes, new FuzzPlan(0, 1).SlowInput);
        (target as IDisposable)?.Dispose();
        Console.WriteLine(attempt.Failure ?? "no finding");
        return attempt.Failure is null ? 0 : ExitFailed;
    }
}
