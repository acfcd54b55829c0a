namespace Telemetry.Judge.Ask;

/// <summary>Why there is no judgement; values of <c>error_type</c> of <c>llm_scores</c>.</summary>
public static class JudgeErrors
{
    /// <summary>The answer broke the schema, and the repaired one too.</summary>
    public const string InvalidAnswer = "invalid_answer";

    /// <summary>The judge model declined.</summary>
    public const string Refusal = "refusal";

    /// <summary>The answer was cut off by its limit of tokens.</summary>
    public const string Truncated = "truncated";

    /// <summary>The endpoint's content filter stopped request or answer.</summary>
    public const string ContentFilter = "content_filter";

    /// <summary>The endpoint does not take this request (400, 413, 422).</summary>
    public const string RequestRefused = "request_refused";

    /// <summary>The rubric needs retrieved context, and there is none.</summary>
    public const string NoContext = "no_context";

    /// <summary>The rubric needs a reference, and there is none.</summary>
    public const string NoReference = "no_reference";

    /// <summary>The endpoint cannot be reached, or it breaks off.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>No answer within the limit of time.</summary>
    public const string Timeout = "timeout";

    /// <summary>The endpoint is too busy (429).</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>The endpoint failed (5xx), or its answer is no chat completion.</summary>
    public const string ServerError = "server_error";

    /// <summary>Key, address or model are wrong (401, 403, 404).</summary>
    public const string Misconfigured = "misconfigured";

    /// <summary>So many requests failed that none is sent for a while.</summary>
    public const string CircuitOpen = "circuit_open";

    /// <summary>The budget does not allow another request now.</summary>
    public const string Budget = "budget";

    /// <summary>Whether the same request may succeed later; the others fail for good.</summary>
    public static bool IsRetryable(string error) => error is Unreachable or Timeout or RateLimited or ServerError or Misconfigured or CircuitOpen or Budget;
}
