using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Telemetry.SpanLog.Local;

/// <summary>
/// One reader group: divides its partitions evenly among the readers of this process, moves as few as possible when one joins or leaves,
/// and gives a partition on only after its lane was disposed or <see cref="SpanLogOptions.RevokeTimeout"/> has passed.
/// </summary>
internal sealed class LocalGroup(LocalContext context, string name, string directory) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LocalPartition, GroupPartition> _partitions = [];
    private readonly List<LocalReader> _members = [];
    private readonly List<ITimer> _timers = [];
    private bool _closed;

    /// <summary>The group's name.</summary>
    public string Name => name;

    /// <summary>How far the group has finished the partition; null when it never read it.</summary>
    public long? Committed(LocalPartition partition)
    {
        lock (_gate)
        {
            return _partitions.TryGetValue(partition, out GroupPartition? state) ? state.Committed : null;
        }
    }

    /// <summary>Takes up partitions that the group has read before or reads now.</summary>
    public void Register(IEnumerable<LocalPartition> partitions)
    {
        lock (_gate)
        {
            foreach (LocalPartition partition in partitions)
            {
                if (!_partitions.ContainsKey(partition))
                {
                    LocalDisk.CreateDirectoryDurably(directory);
                    _partitions[partition] = new GroupPartition(context, this, directory, partition);
                }
            }
        }
    }

    public void Join(LocalReader reader)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _members.Add(reader);
        }

        Rebalance();
    }

    public void Leave(LocalReader reader)
    {
        lock (_gate)
        {
            _members.Remove(reader);
        }

        Rebalance();
    }

    /// <summary>A lane was disposed: its partition goes to whoever should have it, be it the same reader.</summary>
    public void Left(GroupPartition partition, LocalLane lane)
    {
        lock (_gate)
        {
            if (partition.Lane == lane)
            {
                partition.Lane = null;
                partition.Holder = null;
                Give(partition);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _members.Clear();
            _timers.ForEach(t => t.Dispose());
            _timers.Clear();
        }

        Rebalance();
    }

    private void Rebalance()
    {
        var revoked = new List<LocalLane>();
        lock (_gate)
        {
            Distribute();
            foreach (GroupPartition partition in _partitions.Values)
            {
                if (partition.Lane is { } lane && partition.Holder != partition.Target)
                {
                    revoked.Add(lane);
                    HoldBack(partition, lane);
                }

                Give(partition);
            }
        }

        revoked.ForEach(l => l.Revoke());
    }

    private void Distribute()
    {
        var load = _members.ToDictionary(m => m, _ => 0);
        foreach (GroupPartition partition in _partitions.Values)
        {
            int readers = _members.Count(m => m.Reads(partition.Partition));
            int quota = readers == 0 ? 0 : (_partitions.Values.Count(p => _members.Any(m => m.Reads(p.Partition))) + readers - 1) / readers;
            LocalReader? holder = partition.Target;
            bool stays = holder is not null && load.TryGetValue(holder, out int have) && have < quota;
            partition.Target = stays ? holder : null;
            if (stays)
            {
                load[holder!]++;
            }
        }

        foreach (GroupPartition partition in _partitions.Values.Where(p => p.Target is null))
        {
            partition.Target = _members.Where(m => m.Reads(partition.Partition)).MinBy(m => load[m]);
            if (partition.Target is { } reader)
            {
                load[reader]++;
            }
        }
    }

    private void HoldBack(GroupPartition partition, LocalLane lane)
    {
        if (_closed)
        {
            return;
        }

        ITimer timer = context.Time.CreateTimer(
            _ =>
            {
                lock (_gate)
                {
                    if (partition.Lane != lane)
                    {
                        return;
                    }

                    context.Logger.LogWarning(
                        "Group {Group}: {Topic} partition {Partition} was not let go within {Timeout} and is taken away",
                        name, lane.Topic, lane.Partition, context.Options.RevokeTimeout);
                    lane.Fence();
                    partition.Lane = null;
                    partition.Holder = null;
                    Give(partition);
                }
            },
            null, context.Options.RevokeTimeout, Timeout.InfiniteTimeSpan);
        _timers.Add(timer);
    }

    private void Give(GroupPartition partition)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread);
        if (_closed || partition.Lane is not null || partition.Target is not { } reader)
        {
            return;
        }

        long start = partition.Committed;
        if (start > partition.Partition.Durable || start < partition.Partition.Begin)
        {
            SpanLogMetrics.OutOfRange(partition.Partition.Topic);
            context.Logger.LogWarning(
                "Group {Group}: the committed offset {Offset} of {Topic} partition {Partition} is outside of what is kept, {Begin} to {End}; reading starts at the oldest",
                name, start, partition.Partition.Topic, partition.Partition.Number, partition.Partition.Begin, partition.Partition.Durable);
            start = partition.Partition.Begin;
        }

        var lane = new LocalLane(context, partition, name, start);
        partition.Lane = lane;
        partition.Holder = reader;
        reader.Offer(lane);
    }
}
