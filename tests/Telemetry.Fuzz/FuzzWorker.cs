using System.Diagnostics;
using Telemetry.Fuzz.Mutation;

namespace Telemetry.Fuzz;

/// <summary>One thread of a run: every input whose number falls to it, through a target of its own.</summary>
internal sealed class FuzzWorker(IFuzzTarget target, FuzzPlan plan, int number, Func<string, long, byte[], bool> found)
{
    // Deep recursion shows on a small stack.
    private const int StackBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly byte[] _current = new byte[Draft.Longest];
    private int _currentLength;
    private long _currentIndex;
    private long _currentStarted;
    private long _inputs;
    private long _slowest;

    /// <summary>Inputs read so far.</summary>
    public long Inputs => Interlocked.Read(ref _inputs);

    /// <summary>Longest time of one input so far.</summary>
    public TimeSpan Slowest => TimeSpan.FromTicks(Interlocked.Read(ref _slowest));

    /// <summary>Completes with the work; faults when the run itself is broken.</summary>
    public Task Start()
    {
        var done = new TaskCompletionSource();
        var thread = new Thread(() => Work(done), StackBytes) { IsBackground = true, Name = $"fuzz {target.Name} {number}" };
        thread.Start();
        return done.Task;
    }

    /// <summary>The input at hand, if it has been at hand for longer than a time.</summary>
    public (long Index, byte[] Input)? Hanging(TimeSpan longest)
    {
        lock (_lock)
        {
            return _currentStarted != 0 && Stopwatch.GetElapsedTime(_currentStarted) > longest ? (_currentIndex, _current[.._currentLength]) : null;
        }
    }

    private void Work(TaskCompletionSource done)
    {
        try
        {
            RunAll();
        }
#pragma warning disable CA1031 // The run's own mistake is told by the thread that waits.
        catch (Exception e)
#pragma warning restore CA1031
        {
            done.TrySetException(e);
        }

        done.TrySetResult();
    }

    private void RunAll()
    {
        using FuzzJournal? journal = plan.Directory is { } directory ? new FuzzJournal(Path.Combine(directory, $"{target.Name}-{number}.current")) : null;
        WarmUp();
        Loop(journal);
        (target as IDisposable)?.Dispose();
    }

    // What is allocated once, by whichever input comes first, is not counted against it.
    private void WarmUp()
    {
        foreach (byte[] seed in target.Seeds)
        {
            _ = FuzzAttempt.Run(target, seed, plan.SlowInput);
        }
    }

    private void Loop(FuzzJournal? journal)
    {
        var mutator = new Mutator(target, plan.Seed);
        long started = Stopwatch.GetTimestamp();
        for (long i = plan.First + number; i < plan.First + plan.Inputs; i += plan.Parallel)
        {
            ReadOnlySpan<byte> input = mutator.Make(i);
            journal?.Write(input);
            Begin(i, input);
            FuzzAttempt attempt = FuzzAttempt.Run(target, input, plan.SlowInput);
            End(attempt.Elapsed);
            if (attempt.Failure is not null && !found(attempt.Failure, i, input.ToArray()))
            {
                return;
            }

            if (plan.Duration is { } duration && Stopwatch.GetElapsedTime(started) > duration)
            {
                return;
            }
        }
    }

    private void Begin(long index, ReadOnlySpan<byte> input)
    {
        lock (_lock)
        {
            input.CopyTo(_current);
            _currentLength = input.Length;
            _currentIndex = index;
            _currentStarted = Stopwatch.GetTimestamp();
        }
    }

    private void End(TimeSpan elapsed)
    {
        lock (_lock)
        {
            _currentStarted = 0;
        }

        Interlocked.Increment(ref _inputs);
        if (elapsed.Ticks > Interlocked.Read(ref _slowest))
        {
            Interlocked.Exchange(ref _slowest, elapsed.Ticks);
        }
    }
}
