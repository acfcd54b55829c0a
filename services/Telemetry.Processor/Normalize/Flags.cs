namespace Telemetry.Processor.Normalize;

/// <summary>What can be noticed on a call; the values of the column <c>flags</c>.</summary>
internal static class Flags
{
    /// <summary>A token count is negative, no number, or not whole.</summary>
    public const string InvalidTokenCount = "invalid_token_count";

    /// <summary>The start is missing or cannot be a date; the time of arrival stands in its place.</summary>
    public const string InvalidStart = "invalid_start_time";

    /// <summary>The end lies before the start; there is no duration.</summary>
    public const string EndBeforeStart = "end_before_start";

    /// <summary>The time to first token is negative or longer than the call; it is left out.</summary>
    public const string ImpossibleTtft = "impossible_ttft";

    /// <summary>A message attribute is not JSON; it is kept as a JSON string.</summary>
    public const string ContentNotJson = "content_not_json";
}
