using System.Runtime.InteropServices;

namespace Telemetry.Benchmarks;

/// <summary>CPU time of the calling thread: what other processes on the machine take does not count, as it does in wall time.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Nanoseconds of CPU that the thread has used (clock_gettime(2), CLOCK_THREAD_CPUTIME_ID).</summary>
    public static long Nanoseconds()
    {
        const long NanosecondsPerSecond = 1_000_000_000;
        return GetTime(ThreadCpuTime, out TimeSpec now) == 0 ? (now.Seconds * NanosecondsPerSecond) + now.Nanoseconds : throw new PlatformNotSupportedException("clock_gettime");
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
