namespace Telemetry.Judge.Ask;

/// <summary>Lets at most so many requests begin within any 60 seconds, and none while the endpoint wants a pause.</summary>
internal sealed class RequestRate(int perMinute, TimeProvider time)
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<DateTimeOffset> _begun = new();
    private DateTimeOffset _pausedUntil;

    /// <summary>End of the pause that the endpoint wants; in the past when it wants none.</summary>
    public DateTimeOffset PausedUntil
    {
        get
        {
            lock (_lock)
            {
                return _pausedUntil;
            }
        }
    }

    /// <summary>Counts requests that another process has begun.</summary>
    public void Load(IEnumerable<DateTimeOffset> begun)
    {
        lock (_lock)
        {
            foreach (DateTimeOffset at in begun.Order())
            {
                _begun.Enqueue(at);
            }
        }
    }

    /// <summary>The endpoint takes nothing for so long.</summary>
    public void Pause(TimeSpan wait)
    {
        lock (_lock)
        {
            DateTimeOffset until = time.GetUtcNow() + wait;
            _pausedUntil = until > _pausedUntil ? until : _pausedUntil;
        }
    }

    /// <summary>Waits until a request may begin, and counts it.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        while (TakeOrWait() is { } wait)
        {
            await Task.Delay(wait, time, cancellation);
        }
    }

    private TimeSpan? TakeOrWait()
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            while (_begun.TryPeek(out DateTimeOffset oldest) && now - oldest >= s_window)
            {
                _begun.Dequeue();
            }

            DateTimeOffset free = _begun.Count >= perMinute ? _begun.Peek() + s_window : now;
            DateTimeOffset next = free > _pausedUntil ? free : _pausedUntil;
            if (next > now)
            {
                // A timer may be early by its own resolution.
                return next - now + TimeSpan.FromMilliseconds(1);
            }

            _begun.Enqueue(now);
            return null;
        }
    }
}
