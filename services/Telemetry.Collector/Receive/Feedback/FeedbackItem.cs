namespace Telemetry.Collector.Receive.Feedback;

/// <summary>One opinion about an answer, as it was sent and checked.</summary>
internal sealed record FeedbackItem
{
    /// <summary>Id of the score: the same for the same idempotency key, or else for the same answer, name, source and user.</summary>
    public required string Id { get; init; }

    /// <summary>16 bytes; empty when only the response is named.</summary>
    public required byte[] TraceId { get; init; }

    /// <summary>8 bytes; empty when the whole trace or a response is meant.</summary>
    public required byte[] SpanId { get; init; }

    /// <summary>The provider's id of the answer; may be empty.</summary>
    public required string ResponseId { get; init; }

    /// <summary>What was judged.</summary>
    public required string Name { get; init; }

    /// <summary><c>user</c> or <c>human</c>.</summary>
    public required string Source { get; init; }

    /// <summary>0 to 1; null for words.</summary>
    public required double? Value { get; init; }

    /// <summary>The opinion in a word; may be empty.</summary>
    public required string Label { get; init; }

    /// <summary>Free text; may be empty.</summary>
    public required string Comment { get; init; }

    /// <summary>Whose opinion it is; may be empty.</summary>
    public required string User { get; init; }

    /// <summary>The app that asked for it; may be empty.</summary>
    public required string Service { get; init; }

    /// <summary>When it was given.</summary>
    public required DateTimeOffset Time { get; init; }
}
