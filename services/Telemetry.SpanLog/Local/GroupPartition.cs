using System.Globalization;

namespace Telemetry.SpanLog.Local;

/// <summary>One partition as one group sees it: who has it, who should have it, and how far the group has come.</summary>
internal sealed class GroupPartition
{
    private readonly LocalGroup _group;
    private readonly CursorFile _cursor;
    private readonly Lock _commitGate = new();
    private LocalLane? _lane;
    private long _committed;

    public GroupPartition(LocalContext context, LocalGroup group, string directory, LocalPartition partition)
    {
        _group = group;
        Partition = partition;
        _cursor = new CursorFile(
            context.Disk, Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{partition.Topic}-{partition.Number}")));
        _committed = _cursor.Read() ?? -1;
        if (_committed < 0)
        {
            // The file registers the group: retention keeps what it has not read.
            _committed = partition.Begin;
            _cursor.Write(_committed);
        }
    }

    public LocalPartition Partition { get; }

    /// <summary>The member that has the partition or is to get it. Guarded by the group's lock.</summary>
    public LocalReader? Target { get; set; }

    /// <summary>The member that has it now. Guarded by the group's lock.</summary>
    public LocalReader? Holder { get; set; }

    /// <summary>The lane in use. Guarded by the group's lock.</summary>
    public LocalLane? Lane
    {
        get => _lane;
        set
        {
            lock (_commitGate)
            {
                _lane = value;
            }
        }
    }

    public long Committed => Interlocked.Read(ref _committed);

    /// <summary>Durably notes the offset, unless the lane has lost the partition.</summary>
    public void Commit(LocalLane lane, long offset)
    {
        lock (_commitGate)
        {
            if (_lane != lane)
            {
                throw new SpanLogException(
                    $"{Partition.Topic} partition {Partition.Number} was given to another member of the group; offset {offset} is not committed");
            }

            try
            {
                _cursor.Write(offset);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SpanLogException($"cannot write {_cursor.Path}: {e.Message}", e);
            }

            Interlocked.Exchange(ref _committed, offset);
        }
    }

    public void Leave(LocalLane lane) => _group.Left(this, lane);
}
