namespace Telemetry.Alerting.Notify;

/// <summary>A way to tell people.</summary>
internal interface IChannel : IDisposable
{
    /// <summary>Sends once. Several notifications are a digest, one message for all.</summary>
    /// <exception cref="SendException">The receiver did not take it.</exception>
    Task SendAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellation);

    /// <summary>Whether several notifications can be one message.</summary>
    bool TakesDigests { get; }
}

/// <summary>A receiver did not take a notification.</summary>
/// <param name="message">For people; without secrets.</param>
/// <param name="isPermanent">It will never take this one as it is; the next one it may.</param>
/// <param name="retryAfter">When it wants the next attempt; null when it did not say.</param>
/// <param name="inner">What failed underneath.</param>
internal sealed class SendException(string message, bool isPermanent = false, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    public bool IsPermanent => isPermanent;

    public TimeSpan? RetryAfter => retryAfter;
}
