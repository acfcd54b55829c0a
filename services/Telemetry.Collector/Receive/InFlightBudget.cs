namespace Telemetry.Collector.Receive;

/// <summary>Bytes of all request bodies being worked on; refuses rather than let memory grow with load.</summary>
internal sealed class InFlightBudget(long limit, TimeSpan retryAfter)
{
    private long _bytes;

    /// <summary>Bytes taken now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Takes bytes or throws the retryable refusal.</summary>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) > limit)
        {
            Interlocked.Add(ref _bytes, -bytes);
            throw new RefusedException(new ExportOutcome(
                OutcomeKind.Overloaded, $"{limit} bytes of requests are being worked on already (limit MaxInFlightBytes)", RetryAfter: retryAfter));
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
