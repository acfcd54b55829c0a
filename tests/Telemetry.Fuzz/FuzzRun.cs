using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Telemetry.Fuzz;

/// <summary>
/// Feeds a target with inputs on threads of their own, and watches those threads: an input that takes too long, allocates too much or ends in an exception is a finding.
/// </summary>
/// <param name="make">Makes the target, once for each thread.</param>
/// <param name="plan">How much.</param>
/// <param name="progress">Where it says how far it is.</param>
internal sealed class FuzzRun(Func<IFuzzTarget> make, FuzzPlan plan, TextWriter progress)
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, FuzzFinding> _findings = [];
    private string _name = "";
    private FuzzWorker[] _workers = [];
    private long _failures;
    private long _peakBytes;

    /// <summary>Runs to the end of the plan.</summary>
    public FuzzTotals Run()
    {
        long started = Stopwatch.GetTimestamp();
        IFuzzTarget[] targets = [.. Enumerable.Range(0, plan.Parallel).Select(_ => make())];
        _name = targets[0].Name;
        _workers = [.. targets.Select((target, number) => new FuzzWorker(target, plan, number, Note))];
        Watch(Task.WhenAll(_workers.Select(w => w.Start())), started);
        return new FuzzTotals(_name, Inputs(), Stopwatch.GetElapsedTime(started), Findings(), _peakBytes, _workers.Max(w => w.Slowest));
    }

    private long Inputs() => _workers.Sum(w => w.Inputs);

    private void Watch(Task done, long started)
    {
        long reported = started;
        while (!Wait(done))
        {
            _peakBytes = Math.Max(_peakBytes, Environment.WorkingSet);
            if (_peakBytes > plan.MostBytes)
            {
                Note($"the process has {_peakBytes} bytes; allowed: {plan.MostBytes}", plan.First + Inputs(), []);
                return;
            }

            foreach (FuzzWorker worker in _workers)
            {
                if (worker.Hanging(plan.LongestInput) is { } hanging)
                {
                    // Its thread is lost, and so is the run.
                    Note($"hangs: not done after {plan.LongestInput}", hanging.Index, hanging.Input);
                    return;
                }
            }

            if (Stopwatch.GetElapsedTime(reported) > ReportEvery)
            {
                reported = Stopwatch.GetTimestamp();
                Report(Stopwatch.GetElapsedTime(started));
            }
        }

        _peakBytes = Math.Max(_peakBytes, Environment.WorkingSet);
    }

    private static bool Wait(Task done)
    {
        try
        {
            return done.Wait(WatchEvery);
        }
        catch (AggregateException e)
        {
            throw new InvalidOperationException($"the run itself is broken: {e.InnerException!.Message}", e.InnerException);
        }
    }

    private void Report(TimeSpan elapsed)
    {
        long inputs = Inputs();
        progress.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {_name}: {inputs:N0} of {plan.Inputs:N0} inputs, {inputs / elapsed.TotalSeconds:N0}/s, {Findings().Count} findings, {Environment.WorkingSet >> 20} MiB"));
    }

    private List<FuzzFinding> Findings()
    {
        lock (_findings)
        {
            return [.. _findings.Values];
        }
    }

    // False when it is enough.
    private bool Note(string reason, long index, byte[] input)
    {
        const long MostFailures = 100_000;
        lock (_findings)
        {
            string kind = KindOf(reason);
            if (!_findings.ContainsKey(kind))
            {
                var finding = new FuzzFinding(reason, index, input, Save(input));
                _findings[kind] = finding;
                progress.WriteLine($"FOUND {_name}, input {index} of seed {plan.Seed}: {reason}");
                progress.WriteLine($"  again with: --target {_name} " + (finding.Path is null ? $"--seed {plan.Seed} --first {index} --inputs 1" : $"--replay {finding.Path}"));
            }

            return _findings.Count < plan.MostFindings && ++_failures < MostFailures;
        }
    }

    private string? Save(byte[] input)
    {
        if (plan.Directory is null)
        {
            return null;
        }

        string path = Path.Combine(plan.Directory, $"{_name}-{Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 6))}.bin");
        File.WriteAllBytes(path, input);
        return path;
    }

    // Findings of one cause: the same exception from the same place, whatever the values in its text.
    private static string KindOf(string reason)
    {
        string[] lines = reason.Split('\n');
        string first = new([.. lines[0].TakeWhile(c => c != ':' || !lines[0].StartsWith("System.", StringComparison.Ordinal)).Where(c => !char.IsAsciiDigit(c)).Take(60)]);
        return first + string.Concat(lines.Where(l => l.StartsWith("   at Telemetry.", StringComparison.Ordinal)).Take(2));
    }
}
