namespace Telemetry.TestKit;

/// <summary>What some work allocates on the managed heap once it has warmed up.</summary>
public static class Allocations
{
    /// <summary>
    /// The fewest bytes that a run of the work allocates on this thread. What the runtime allocates beside the work, when it compiles a loop anew in the middle
    /// of it or empties shared pools at a collection, comes in some runs; what the work itself allocates comes in every one.
    /// </summary>
    public static long Fewest(Action work)
    {
        const int Runs = 8;
        long fewest = long.MaxValue;
        for (int run = 0; run < Runs && fewest > 0; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
