namespace Telemetry.Judge.Ask;

/// <summary>One request to the endpoint and what came of it; a judgement takes one or more of them.</summary>
public sealed record JudgeExchange
{
    /// <summary>When it was sent.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>One of <see cref="JudgeErrors"/>; empty when it answered, whatever it answered.</summary>
    public string Error { get; init; } = "";

    /// <summary>What the endpoint said about the error, bounded; empty without one.</summary>
    public string Detail { get; init; } = "";

    /// <summary>HTTP status; 0 when there was none.</summary>
    public int Status { get; init; }

    /// <summary>The answer's text; empty on errors.</summary>
    public string Text { get; init; } = "";

    /// <summary>The model that answered; empty when unknown.</summary>
    public string ModelAnswered { get; init; } = "";

    /// <summary>The endpoint's id of the answer; empty when unknown.</summary>
    public string ResponseId { get; init; } = "";

    /// <summary>Why the answer ended: stop, length, ...; empty when unknown.</summary>
    public string FinishReason { get; init; } = "";

    /// <summary>Input tokens as reported; null when not reported.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Input tokens that the endpoint had cached, part of <see cref="InputTokens"/>; null when not reported.</summary>
    public long? CachedTokens { get; init; }

    /// <summary>Output tokens as reported, reasoning included; null when not reported.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>US dollars by the reported tokens; null when tokens or price are unknown.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Whether the request reached the endpoint, as far as is known: then it may be charged, whatever came of it.</summary>
    internal bool IsSent { get; init; } = true;

    /// <summary>How long the endpoint asks to wait; null when it does not say.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}
