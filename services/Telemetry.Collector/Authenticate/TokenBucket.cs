namespace Telemetry.Collector.Authenticate;

/// <summary>
/// A rate over some seconds. What a request costs is known only when it has been read, so it is taken afterwards and may leave a debt, which the next requests wait for:
/// a single one may be large, the rate holds over time. Not thread-safe.
/// </summary>
internal struct TokenBucket
{
    /// <summary>Seconds whose worth may come at once.</summary>
    public const double BurstSeconds = 5;

    private double _spent;
    private long _at;

    /// <summary>How long to wait before the next request; zero for not at all.</summary>
    public TimeSpan Wait(double rate, long now, TimeProvider time)
    {
        Refill(rate, now, time);
        double over = _spent - (rate * BurstSeconds);
        return rate <= 0 || over < 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((over / rate) + 0.001);
    }

    /// <summary>Takes what was used.</summary>
    public void Take(double amount, double rate, long now, TimeProvider time)
    {
        Refill(rate, now, time);
        _spent += amount;
    }

    private void Refill(double rate, long now, TimeProvider time)
    {
        _spent = rate <= 0 ? 0 : Math.Max(0, _spent - (rate * time.GetElapsedTime(_at, now).TotalSeconds));
        _at = now;
    }
}
