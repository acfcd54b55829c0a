namespace Telemetry.SpanLog.Local;

/// <summary>The members of one reader group in this process. Each partition is held by at most one lane at a time.</summary>
internal sealed class LocalGroup(string name)
{
    private readonly Lock _gate = new();
    private readonly HashSet<LocalPartition> _held = [];
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Name of the group.</summary>
    public string Name => name;

    /// <summary>Completes when a partition is given back after now.</summary>
    public Task Released
    {
        get
        {
            lock (_gate)
            {
                return _released.Task;
            }
        }
    }

    /// <summary>Takes the partition if nobody holds it.</summary>
    public bool TryHold(LocalPartition partition)
    {
        lock (_gate)
        {
            return _held.Add(partition);
        }
    }

    /// <summary>Gives the partition back to the group.</summary>
    public void Release(LocalPartition partition)
    {
        TaskCompletionSource released;
        lock (_gate)
        {
            _held.Remove(partition);
            released = _released;
            _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        released.TrySetResult();
    }
}
