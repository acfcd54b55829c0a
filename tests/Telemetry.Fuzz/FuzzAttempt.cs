using System.Diagnostics;
using System.Globalization;

namespace Telemetry.Fuzz;

/// <summary>One input through a target, with what it took.</summary>
/// <param name="Failure">Why it failed; null when it did not.</param>
/// <param name="Elapsed">Time taken.</param>
internal readonly record struct FuzzAttempt(string? Failure, TimeSpan Elapsed)
{
    /// <summary>
    /// Reads one input as a run does. What takes too long or allocates too much is given a second chance: a pause of the machine and what is allocated once
    /// for all inputs are no findings.
    /// </summary>
    public static FuzzAttempt Run(IFuzzTarget target, ReadOnlySpan<byte> input, TimeSpan slow)
    {
        (FuzzAttempt attempt, bool excess) = RunOnce(target, input, slow);
        return excess ? RunOnce(target, input, slow).Attempt : attempt;
    }

    private static (FuzzAttempt Attempt, bool Excess) RunOnce(IFuzzTarget target, ReadOnlySpan<byte> input, TimeSpan slow)
    {
        long started = Stopwatch.GetTimestamp();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(input);
        }
#pragma warning disable CA1031 // Whatever comes out of a target is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (new FuzzAttempt(e.ToString(), Stopwatch.GetElapsedTime(started)), false);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        string? excess = allocated > target.AllocationLimit(input.Length)
            ? string.Create(CultureInfo.InvariantCulture, $"{allocated} bytes allocated for an input of {input.Length}; allowed: {target.AllocationLimit(input.Length)}")
            : elapsed > slow ? string.Create(CultureInfo.InvariantCulture, $"slow: {elapsed.TotalSeconds:0.0} s for an input of {input.Length} bytes; allowed: {slow.TotalSeconds:0.0} s")
            : null;
        return (new FuzzAttempt(excess, elapsed), excess is not null);
    }
}
