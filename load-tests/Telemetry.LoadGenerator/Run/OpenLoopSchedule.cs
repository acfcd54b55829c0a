namespace Telemetry.LoadGenerator.Run;

/// <summary>When each request of a paced phase is due. It depends on nothing but its number, so that a slow receiver cannot slow the clock it is measured by.</summary>
internal sealed class OpenLoopSchedule
{
    private const double NanosecondsPerSecond = 1e9;
    private readonly double _interval;

    public OpenLoopSchedule(double spansPerSecond, int spansPerRequest, TimeSpan duration)
    {
        _interval = spansPerRequest / spansPerSecond * NanosecondsPerSecond;
        Count = Math.Max(1, (long)Math.Round(duration.TotalSeconds * spansPerSecond / spansPerRequest));
    }

    /// <summary>Requests in all.</summary>
    public long Count { get; }

    /// <summary>Nanoseconds after the start at which a request is due.</summary>
    public long DueAt(long request) => (long)(request * _interval);
}
