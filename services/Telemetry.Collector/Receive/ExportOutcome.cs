namespace Telemetry.Collector.Receive;

/// <summary>How an export request ended, before it is put into the words of HTTP or gRPC.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Message">For people; null on plain success.</param>
/// <param name="Rejected">Spans or log records that were rejected though the rest was accepted.</param>
/// <param name="RetryAfter">When to come again; zero unless retryable.</param>
internal readonly record struct ExportOutcome(OutcomeKind Kind, string? Message = null, int Rejected = 0, TimeSpan RetryAfter = default)
{
    /// <summary>Everything is durable.</summary>
    public static ExportOutcome Accepted => new(OutcomeKind.Accepted);
}

/// <summary>Kinds of outcome; each is permanent or retryable, and <see cref="OutcomeMapping"/> alone knows its codes.</summary>
internal enum OutcomeKind
{
    /// <summary>Durable, maybe with rejected items (partial success).</summary>
    Accepted,

    /// <summary>Not OTLP, or broken compression: never to be retried.</summary>
    Invalid,

    /// <summary>Over a size limit: never to be retried.</summary>
    TooLarge,

    /// <summary>A signal or content type that is not taken: never to be retried.</summary>
    Unsupported,

    /// <summary>No key, or none that is taken: not to be retried with the same one.</summary>
    Unauthenticated,

    /// <summary>The key may not do this: not to be retried with the same one.</summary>
    Forbidden,

    /// <summary>Too much is being worked on: to be retried later.</summary>
    Overloaded,

    /// <summary>The span log cannot take it now: to be retried later.</summary>
    Unavailable,

    /// <summary>The client's deadline passed first; it may retry.</summary>
    DeadlineExceeded,
}
