namespace Telemetry.Judge.Ask;

/// <summary>What a judge said about an answer by a rubric, or why it said nothing.</summary>
public sealed record Judgement
{
    /// <summary>Name of the rubric.</summary>
    public required string Rubric { get; init; }

    /// <summary>Version of the rubric.</summary>
    public required string RubricVersion { get; init; }

    /// <summary>The model that was asked for.</summary>
    public required string JudgeModel { get; init; }

    /// <summary>The score on the rubric's own scale; null when it failed.</summary>
    public int? Score { get; init; }

    /// <summary>The score from 0 (worst) to 1 (best); null when it failed.</summary>
    public double? Value { get; init; }

    /// <summary>Label of the level; empty when it failed.</summary>
    public string Label { get; init; } = "";

    /// <summary>Why, in the judge's words, or what went wrong. Untrusted text, bounded.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>One of <see cref="JudgeErrors"/>; empty when there is a score.</summary>
    public string Error { get; init; } = "";

    /// <summary>Whether asking again later may help.</summary>
    public bool IsRetryable => JudgeErrors.IsRetryable(Error);

    /// <summary>Whether the first answer broke the schema and the second one did not.</summary>
    public bool IsRepaired { get; init; }

    /// <summary>Every request that was sent for it, in their order.</summary>
    public IReadOnlyList<JudgeExchange> Exchanges { get; init; } = [];

    /// <summary>US dollars of all requests; null when the cost of one that answered is unknown.</summary>
    public decimal? CostUsd => Exchanges.Any(e => e.Error.Length == 0 && e.CostUsd is null) ? null : Exchanges.Sum(e => e.CostUsd ?? 0);

    /// <summary>Time of all requests, without waits between them.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(Exchanges.Sum(e => e.Duration.Ticks));
}
