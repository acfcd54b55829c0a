using System.Globalization;
using System.Runtime.InteropServices;

namespace Telemetry.LoadGenerator.Measure;

/// <summary>What a process has used, from <c>/proc</c>.</summary>
/// <param name="CpuSeconds">User and system time since its start.</param>
/// <param name="ResidentBytes">Resident memory now.</param>
internal readonly record struct ProcessUsage(double CpuSeconds, long ResidentBytes)
{
    private const int UserTime = 11;
    private const int SystemTime = 12;
    private const int BytesPerKilobyte = 1024;
    private static readonly double TicksPerSecond = Native.TicksPerSecond();

    /// <summary>Asks for a process; null when it is gone.</summary>
    public static ProcessUsage? Of(int pid)
    {
        try
        {
            return new ProcessUsage(ReadCpu(File.ReadAllText(Path(pid, "stat"))), ReadResident(File.ReadLines(Path(pid, "status"))));
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>CPU seconds of the whole machine that were not idle.</summary>
    public static double MachineBusySeconds()
    {
        // cpu user nice system idle iowait irq softirq steal ...
        const int Idle = 3;
        const int Wait = 4;
        const int Steal = 7;
        double[] ticks = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
        return ticks.Take(Steal).Where((_, i) => i is not (Idle or Wait)).Sum() / TicksPerSecond;
    }

    /// <summary>User and system seconds of a <c>/proc/N/stat</c> line, whose second field may hold blanks and brackets.</summary>
    internal static double ReadCpu(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (double.Parse(fields[UserTime], CultureInfo.InvariantCulture) + double.Parse(fields[SystemTime], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static long ReadResident(IEnumerable<string> status)
    {
        string? line = status.FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * BytesPerKilobyte;
    }

    private static string Path(int pid, string file) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}");
}

/// <summary>The C library.</summary>
internal static partial class Native
{
    private const int ClockTicks = 2;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Clock ticks a second, the unit of <c>/proc</c>.</summary>
    public static double TicksPerSecond() => SystemConfiguration(ClockTicks);

    /// <summary>Sleeps for less than what timers can.</summary>
    public static void Sleep(long nanoseconds)
    {
        var time = new TimeSpec { Seconds = nanoseconds / NanosecondsPerSecond, Nanoseconds = nanoseconds % NanosecondsPerSecond };
        _ = NanoSleep(ref time, 0);
    }

    /// <summary>Sends a signal.</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int SendSignal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial long SystemConfiguration(int name);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(ref TimeSpec time, nint remaining);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
