namespace Telemetry.Alerting.Notify;

/// <summary>Lets so many through in a minute. For one caller at a time.</summary>
internal sealed class RateLimit(int perMinute, TimeProvider time)
{
    private readonly Queue<long> _taken = new();

    /// <summary>Waits until one more may go; true when it had to wait.</summary>
    public async Task<bool> TakeAsync(CancellationToken cancellation)
    {
        bool waited = false;
        while (_taken.Count >= perMinute)
        {
            TimeSpan left = TimeSpan.FromMinutes(1) - time.GetElapsedTime(_taken.Peek());
            if (left > TimeSpan.Zero)
            {
                waited = true;
                await Task.Delay(left, time, cancellation);
            }
            else
            {
                _taken.Dequeue();
            }
        }

        _taken.Enqueue(time.GetTimestamp());
        return waited;
    }
}
