namespace Telemetry.Processor.Consume;

/// <summary>
/// Up to when a partition is read and written, without trust in anybody's clock but the own: whoever has written everything up to an end that the log had at a
/// time has passed that time. An idle lane goes on with the clock, one that is behind stays. Not for several callers at once.
/// </summary>
internal sealed class LaneProgress
{
    private DateTimeOffset _markedAt;
    private long? _end;

    /// <summary>Everything that was in the partition at this time is written; null when not known yet.</summary>
    public DateTimeOffset? PassedAt { get; private set; }

    /// <summary>Looks where the lane is now; the more often, the closer <see cref="PassedAt"/> follows.</summary>
    /// <param name="now">The time.</param>
    /// <param name="committed">Everything before this offset is written.</param>
    /// <param name="end">Where the log ends; null when not known.</param>
    public void Look(DateTimeOffset now, long committed, long? end)
    {
        if (end is not { } known)
        {
            return;
        }

        // Before the first fetch the end may be told too high; the true one is never above a later one.
        _end = _end is { } marked ? Math.Min(marked, known) : null;
        if (committed >= known)
        {
            PassedAt = now;
            _end = null;
        }
        else if (_end is { } reached && committed >= reached)
        {
            PassedAt = _markedAt;
            _end = null;
        }

        if (_end is null && committed < known)
        {
            (_markedAt, _end) = (now, known);
        }
    }
}
