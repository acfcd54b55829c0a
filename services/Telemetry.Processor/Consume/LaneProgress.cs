namespace Telemetry.Processor.Consume;

/// <summary>
/// Up to when a partition is read and written, without trust in anybody's clock but the own: whoever has written everything up to an end that the log had at a
/// time has passed that time. An idle lane goes on with the clock, one that is behind stays. The lane looks; anybody may ask.
/// </summary>
internal sealed class LaneProgress
{
    private DateTimeOffset _markedAt;
    private long? _end;
    private long _passed;

    /// <summary>Everything that was in the partition at this time is written; null when not known yet.</summary>
    public DateTimeOffset? PassedAt => Interlocked.Read(ref _passed) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Looks where the lane is now; the more often, the closer <see cref="PassedAt"/> follows.</summary>
    /// <param name="now">The time.</param>
    /// <param name="written">Everything before this offset is written.</param>
    /// <param name="end">Where the log ends now, or later; null when not known.</param>
    public void Look(DateTimeOffset now, long written, long? end)
    {
        if (end is not { } known)
        {
            return;
        }

        if (written >= known)
        {
            Interlocked.Exchange(ref _passed, now.UtcTicks);
            _end = null;
            return;
        }

        // Before the first fetch the end may be told too high; the true one is never above a later one.
        _end = _end is { } marked ? Math.Min(marked, known) : null;
        if (_end is { } reached && written >= reached)
        {
            Interlocked.Exchange(ref _passed, _markedAt.UtcTicks);
            _end = null;
        }

        if (_end is null)
        {
            (_markedAt, _end) = (now, known);
        }
    }
}
