using Telemetry.Keys;

namespace Telemetry.Collector.Authenticate;

/// <summary>What one tenant is using of its limits on this Collector.</summary>
internal sealed class TenantState(string name, string label, bool isNamed, TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private TenantLimits _limits = TenantLimits.None;
    private TokenBucket _spans;
    private TokenBucket _bytes;
    private int _requests;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its name as the record carries it; empty when nobody has said who it is, which the Processor's settings decide.</summary>
    public byte[] NameInRecord { get; } = !isNamed ? [] : System.Text.Encoding.UTF8.GetBytes(name);

    /// <summary>Its name in metrics.</summary>
    public string Label { get; } = label;

    /// <summary>Lets a request in, to <see cref="Leave"/> later; otherwise says which limit is reached and when to come again.</summary>
    public (string Limit, TimeSpan RetryAfter)? TryEnter(TenantLimits limits, TimeSpan retryAfter)
    {
        long now = time.GetTimestamp();
        lock (_lock)
        {
            _limits = limits;
            if (limits.MaxConcurrentRequests > 0 && _requests >= limits.MaxConcurrentRequests)
            {
                return ("concurrency", retryAfter);
            }

            if (_spans.Wait(limits.SpansPerSecond, now, time) is { Ticks: > 0 } spans)
            {
                return ("spans_per_second", Bounded(spans, retryAfter));
            }

            if (_bytes.Wait(limits.BytesPerSecond, now, time) is { Ticks: > 0 } bytes)
            {
                return ("bytes_per_second", Bounded(bytes, retryAfter));
            }

            _requests++;
            return null;
        }
    }

    /// <summary>Takes what a request held.</summary>
    public void Charge(int items, int bytes)
    {
        CollectorMetrics.OfTenant(Label, items, bytes);
        long now = time.GetTimestamp();
        lock (_lock)
        {
            _spans.Take(items, _limits.SpansPerSecond, now, time);
            _bytes.Take(bytes, _limits.BytesPerSecond, now, time);
        }
    }

    /// <summary>A request that was let in has ended.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _requests--;
        }
    }

    private static TimeSpan Bounded(TimeSpan wait, TimeSpan least) => wait < least ? least : wait > LongestWait ? LongestWait : wait;
}
