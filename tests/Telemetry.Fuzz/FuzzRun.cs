using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Telemetry.Fuzz.Mutation;

namespace Telemetry.Fuzz;

/// <summary>How much is run, and what is too much of one input.</summary>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Count">Inputs.</param>
internal sealed record FuzzPlan(ulong Seed, long Count)
{
    /// <summary>Number of the first input.</summary>
    public long First { get; init; }

    /// <summary>Ends earlier when this time has passed.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>An input that takes longer hangs.</summary>
    public TimeSpan LongestInput { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where inputs that failed are written; null for nowhere.</summary>
    public string? Directory { get; init; }

    /// <summary>Ends after that many different failures.</summary>
    public int MostFailures { get; init; } = 10;
}

/// <summary>An input that failed.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Index">Its number in the run.</param>
/// <param name="Input">Its bytes.</param>
/// <param name="Path">Its file; null when none was asked for.</param>
internal sealed record FuzzFailure(string Reason, long Index, byte[] Input, string? Path);

/// <summary>What a run came to.</summary>
/// <param name="Inputs">Inputs read.</param>
/// <param name="Elapsed">Time taken.</param>
/// <param name="Failures">Different failures, the first input of each.</param>
/// <param name="Hangs">Whether an input did not end; its thread is lost.</param>
internal sealed record FuzzTotals(long Inputs, TimeSpan Elapsed, IReadOnlyList<FuzzFailure> Failures, bool Hangs)
{
    /// <summary>Inputs a second.</summary>
    public double PerSecond => Inputs / Math.Max(1e-9, Elapsed.TotalSeconds);
}

/// <summary>
/// Feeds a target with inputs on a thread of its own, and watches that thread: an input that takes too long, allocates too much or ends in an exception is a failure.
/// </summary>
internal sealed class FuzzRun(IFuzzTarget target, FuzzPlan plan, TextWriter output)
{
    // Deep recursion shows on a small stack.
    private const int StackBytes = 1 << 20;
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, FuzzFailure> _failures = [];
    private readonly byte[] _current = new byte[Draft.Longest];
    private readonly ManualResetEventSlim _done = new();
    private int _currentLength;
    private long _inputs;
    private long _startedInput;
    private long _fails;
    private Exception? _broken;

    /// <summary>Runs to the end of the plan.</summary>
    public FuzzTotals Run()
    {
        long started = Stopwatch.GetTimestamp();
        var worker = new Thread(Work, StackBytes) { IsBackground = true, Name = "fuzz " + target.Name };
        worker.Start();
        bool hangs = Watch(started);
        return _broken is not null
            ? throw new InvalidOperationException($"the run of {target.Name} broke: {_broken.Message}", _broken)
            : new FuzzTotals(Interlocked.Read(ref _inputs), Stopwatch.GetElapsedTime(started), [.. Failures()], hangs);
    }

    /// <summary>Reads one input as a run does; null, or why it failed.</summary>
    public static string? TryOne(IFuzzTarget target, ReadOnlySpan<byte> input)
    {
        try
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            target.Run(input);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return allocated <= target.AllocationLimit(input.Length)
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"{allocated} bytes allocated for an input of {input.Length}; allowed: {target.AllocationLimit(input.Length)}");
        }
#pragma warning disable CA1031 // Whatever comes out of a target is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.ToString();
        }
    }

    private void Work()
    {
        try
        {
            using FuzzJournal? journal = plan.Directory is { } directory ? new FuzzJournal(Path.Combine(directory, target.Name + ".current")) : null;
            WarmUp();
            Loop(journal);
        }
#pragma warning disable CA1031 // The run's own mistake is told by the thread that waits.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _broken = e;
        }
        finally
        {
            _done.Set();
        }
    }

    // What is allocated once, by whichever input comes first, is not counted against it.
    private void WarmUp()
    {
        foreach (byte[] seed in target.Seeds)
        {
            _ = TryOne(target, seed);
        }
    }

    private void Loop(FuzzJournal? journal)
    {
        var mutator = new Mutator(target, plan.Seed);
        long started = Stopwatch.GetTimestamp();
        for (long i = plan.First; i < plan.First + plan.Count; i++)
        {
            ReadOnlySpan<byte> input = mutator.Make(i);
            journal?.Write(input);
            input.CopyTo(_current);
            _currentLength = input.Length;
            Volatile.Write(ref _startedInput, Stopwatch.GetTimestamp());
            string? failure = TryOne(target, input);
            Volatile.Write(ref _startedInput, 0);
            Interlocked.Increment(ref _inputs);
            if (failure is not null && !Note(failure, i, input))
            {
                return;
            }

            if (plan.Duration is { } duration && Stopwatch.GetElapsedTime(started) > duration)
            {
                return;
            }
        }
    }

    private bool Watch(long started)
    {
        long reported = started;
        while (!_done.Wait(WatchEvery))
        {
            long input = Volatile.Read(ref _startedInput);
            if (input != 0 && Stopwatch.GetElapsedTime(input) > plan.LongestInput)
            {
                Note($"hangs: not done after {plan.LongestInput}", plan.First + Interlocked.Read(ref _inputs), _current.AsSpan(0, _currentLength));
                return true;
            }

            if (Stopwatch.GetElapsedTime(reported) > ReportEvery)
            {
                reported = Stopwatch.GetTimestamp();
                Report(Stopwatch.GetElapsedTime(started));
            }
        }

        return false;
    }

    private void Report(TimeSpan elapsed)
    {
        long inputs = Interlocked.Read(ref _inputs);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {target.Name}: {inputs:N0} inputs, {inputs / elapsed.TotalSeconds:N0}/s, {Failures().Count} failures, {GC.GetTotalMemory(false) >> 20} MiB"));
    }

    private List<FuzzFailure> Failures()
    {
        lock (_failures)
        {
            return [.. _failures.Values];
        }
    }

    // False when it is enough.
    private bool Note(string reason, long index, ReadOnlySpan<byte> input)
    {
        const long MostFails = 100_000;
        lock (_failures)
        {
            if (!_failures.ContainsKey(KindOf(reason)))
            {
                byte[] bytes = input.ToArray();
                var failure = new FuzzFailure(reason, index, bytes, Save(bytes));
                _failures[KindOf(reason)] = failure;
                output.WriteLine($"FAILED {target.Name}, input {index} of seed {plan.Seed}: {reason}");
                output.WriteLine($"  reproduce with: --target {target.Name} " + (failure.Path is null ? $"--seed {plan.Seed} --first {index} --count 1" : $"--input {failure.Path}"));
            }

            return _failures.Count < plan.MostFailures && ++_fails < MostFails;
        }
    }

    private string? Save(byte[] input)
    {
        if (plan.Directory is null)
        {
            return null;
        }

        string path = Path.Combine(plan.Directory, $"{target.Name}-{Convert.ToHexStringLower(SHA256.HashData(input).AsSpan(0, 6))}.bin");
        File.WriteAllBytes(path, input);
        return path;
    }

    // Failures of one cause: the same exception from the same place, whatever the values in its text.
    private static string KindOf(string reason)
    {
        string[] lines = reason.Split('\n');
        string first = new([.. lines[0].TakeWhile(c => c != ':' || !lines[0].StartsWith("System.", StringComparison.Ordinal)).Where(c => !char.IsAsciiDigit(c)).Take(60)]);
        return first + string.Concat(lines.Where(l => l.StartsWith("   at Telemetry.", StringComparison.Ordinal)).Take(2));
    }
}
