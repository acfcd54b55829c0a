using System.CommandLine;
using System.Globalization;

namespace Telemetry.Fuzz;

internal static class Program
{
    private const int ExitFailed = 1;

    private static int Main(string[] args)
    {
        var target = new Option<string[]>("--target") { Description = $"What is fed; all when not given. One of: {string.Join(", ", FuzzTargets.Names)}", AllowMultipleArgumentsPerToken = true };
        target.AcceptOnlyFromAmong([.. FuzzTargets.Names]);
        var count = new Option<long>("--count") { Description = "Inputs a target", DefaultValueFactory = _ => 1_000_000 };
        var seed = new Option<ulong>("--seed") { Description = "Seed; the same seed makes the same inputs", DefaultValueFactory = _ => 1 };
        var first = new Option<long>("--first") { Description = "Number of the first input" };
        var seconds = new Option<double?>("--seconds") { Description = "Longest time a target" };
        var directory = new Option<string>("--failures") { Description = "Directory for the inputs that fail", DefaultValueFactory = _ => Path.Combine("data", "fuzz") };
        var input = new Option<FileInfo?>("--input") { Description = "Feeds this file and nothing else; also a .current file that a crash has left" };
        var root = new RootCommand("Feeds the readers of foreign bytes with broken and hostile inputs. Exit code 1 when one fails.") { target, count, seed, first, seconds, directory, input };
        root.SetAction(parsed =>
        {
            string[] names = parsed.GetValue(target) is { Length: > 0 } chosen ? chosen : [.. FuzzTargets.Names];
            if (parsed.GetValue(input) is { } file)
            {
                return One(names, file.FullName);
            }

            string failures = Path.GetFullPath(parsed.GetValue(directory)!);
            Directory.CreateDirectory(failures);
            return All(names, new FuzzPlan(parsed.GetValue(seed), parsed.GetValue(count))
            {
                First = parsed.GetValue(first),
                Duration = parsed.GetValue(seconds) is { } duration ? TimeSpan.FromSeconds(duration) : null,
                Directory = failures,
            });
        });
        return root.Parse(args).Invoke();
    }

    private static int All(string[] names, FuzzPlan plan)
    {
        int failed = 0;
        long inputs = 0;
        var lines = new List<string>();
        foreach (string name in names)
        {
            IFuzzTarget target = FuzzTargets.Make(name);
            Console.WriteLine($"{name}: {target.Description}");
            FuzzTotals totals = new FuzzRun(target, plan, Console.Out).Run();
            inputs += totals.Inputs;
            failed += totals.Failures.Count;
            lines.Add(string.Create(
                CultureInfo.InvariantCulture, $"{name,-12} {totals.Inputs,12:N0} inputs {totals.PerSecond,10:N0}/s {totals.Failures.Count,4} failures{(totals.Hangs ? ", hangs" : "")}"));
            Console.WriteLine(lines[^1]);
        }

        Console.WriteLine();
        lines.ForEach(Console.WriteLine);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{inputs:N0} inputs of seed {plan.Seed}, {failed} failures"));
        return failed == 0 ? 0 : ExitFailed;
    }

    private static int One(string[] names, string path)
    {
        if (names.Length != 1)
        {
            Console.Error.WriteLine("--input needs one --target");
            return ExitFailed;
        }

        byte[] bytes = (path.EndsWith(".current", StringComparison.Ordinal) ? FuzzJournal.Read(path) : null) ?? File.ReadAllBytes(path);
        IFuzzTarget target = FuzzTargets.Make(names[0]);
        _ = FuzzRun.TryOne(target, bytes);
        string? failure = FuzzRun.TryOne(target, bytes);
        Console.WriteLine(failure ?? "no failure");
        return failure is null ? 0 : ExitFailed;
    }
}
