namespace Telemetry.LoadGenerator.Measure;

/// <summary>Watches the processes under load: CPU between marks, and the most memory seen.</summary>
internal sealed class TargetWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stop = new();
    private readonly Target[] _targets;
    private readonly Task _sampling;

    public TargetWatch(IEnumerable<(string Name, int Pid)> targets, TimeProvider time)
    {
        _targets = [.. targets.Select(t => new Target(t.Name, t.Pid))];
        Mark();
        _sampling = SampleAsync(time);
    }

    /// <summary>Processes.</summary>
    public int Count => _targets.Length;

    /// <summary>Begins to count anew.</summary>
    public void Mark()
    {
        foreach (Target target in _targets)
        {
            target.Mark();
        }
    }

    /// <summary>What each has used since the mark.</summary>
    public IReadOnlyList<TargetUsage> Read() => [.. _targets.Select(t => t.Read())];

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        _stop.Dispose();
    }

    private async Task SampleAsync(TimeProvider time)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Every, time, _stop.Token);
                foreach (Target target in _targets)
                {
                    target.Sample();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private sealed class Target(string name, int pid)
    {
        private readonly Lock _lock = new();
        private double _marked;
        private ProcessUsage _last;
        private long _most;
        private long _first;
        private bool _gone;

        public void Mark()
        {
            lock (_lock)
            {
                Look();
                (_marked, _most, _first) = (_last.CpuSeconds, _last.ResidentBytes, _last.ResidentBytes);
            }
        }

        public void Sample()
        {
            lock (_lock)
            {
                Look();
            }
        }

        public TargetUsage Read()
        {
            lock (_lock)
            {
                Look();
                return new TargetUsage(name, pid, _last.CpuSeconds - _marked, _first, _last.ResidentBytes, _most, _gone);
            }
        }

        private void Look()
        {
            if (ProcessUsage.Of(pid) is { } usage)
            {
                (_last, _most) = (usage, Math.Max(_most, usage.ResidentBytes));
            }
            else
            {
                _gone = true;
            }
        }
    }
}

/// <summary>What a process has used.</summary>
/// <param name="Name">Name.</param>
/// <param name="Pid">Process id.</param>
/// <param name="CpuSeconds">CPU seconds.</param>
/// <param name="FirstResidentBytes">Resident memory at the beginning.</param>
/// <param name="ResidentBytes">Resident memory at the end.</param>
/// <param name="MaxResidentBytes">Most that was seen.</param>
/// <param name="Gone">It has ended meanwhile; the figures are from its last moments.</param>
internal sealed record TargetUsage(string Name, int Pid, double CpuSeconds, long FirstResidentBytes, long ResidentBytes, long MaxResidentBytes, bool Gone);
