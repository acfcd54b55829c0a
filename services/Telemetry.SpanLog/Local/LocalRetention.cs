namespace Telemetry.SpanLog.Local;

/// <summary>
/// Deletes what every reader group has finished, once it is older than the retention. What no group has read yet is never deleted:
/// a full partition refuses appends instead.
/// </summary>
internal sealed class LocalRetention : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly LocalPartition[] _partitions;
    private readonly Queue<(DateTimeOffset At, long[] Finished)> _marks = new();
    private readonly TimeSpan _retention;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();

    public LocalRetention(IEnumerable<LocalPartition> partitions, LocalGroups groups, TimeSpan retention, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(groups);
        _partitions = [.. partitions];
        _retention = retention;
        _time = time;
        _timer = time.CreateTimer(_ => Enforce(), null, Period, Period);
    }

    /// <summary>Notes what is finished now, and deletes what was finished before the retention.</summary>
    public void Enforce()
    {
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            _marks.Enqueue((now, [.. _partitions.Select(p => LocalGroups.LowestCommitted(p) ?? 0)]));
            long[]? delete = null;
            while (_marks.TryPeek(out var mark) && now - mark.At >= _retention)
            {
                delete = _marks.Dequeue().Finished;
            }

            for (int i = 0; delete is not null && i < _partitions.Length; i++)
            {
                if (delete[i] > _partitions[i].Log.BeginAddress)
                {
                    _partitions[i].Log.TruncateUntilPageStart(delete[i]);
                    _partitions[i].Wake();
                }
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();
}
