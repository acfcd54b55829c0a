namespace Telemetry.Processor.Normalize;

/// <summary>What can be noticed on a call; the values of the column <c>flags</c>.</summary>
internal static class Flags
{
    /// <summary>A token count is negative, absurdly large, no number, or not whole; it counts as not reported.</summary>
    public const string InvalidTokenCount = "invalid_token_count";

    /// <summary>A part is larger than its whole (cached than input, reasoning than output); counts are kept as reported, the cost is unknown.</summary>
    public const string InconsistentUsage = "inconsistent_usage";

    /// <summary>The start is missing or cannot be a date; the time of arrival stands in its place.</summary>
    public const string InvalidStart = "invalid_start_time";

    /// <summary>The end lies before the start; there is no duration.</summary>
    public const string EndBeforeStart = "end_before_start";

    /// <summary>The start lies more than an hour ahead of our clock.</summary>
    public const string StartInFuture = "start_in_future";

    /// <summary>The time to first token is negative or longer than the call; it is left out.</summary>
    public const string ImpossibleTtft = "impossible_ttft";

    /// <summary>A message attribute is not JSON; it is kept as a text.</summary>
    public const string ContentNotJson = "content_not_json";

    /// <summary>No usage was reported, and the messages are longer than any model takes; they are not counted.</summary>
    public const string TooLongToCount = "too_long_to_count";

    /// <summary>No attribute names the provider; the server's address or the model's id does.</summary>
    public const string ProviderInferred = "provider_inferred";

    /// <summary>The span stands around calls that nobody reported: its usage may be of several calls.</summary>
    public const string AggregateUsage = "aggregate_usage";
}
