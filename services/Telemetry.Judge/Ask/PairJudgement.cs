namespace Telemetry.Judge.Ask;

/// <summary>Which of two answers a judge preferred, asked in both orders.</summary>
public sealed record PairJudgement
{
    /// <summary>Name of the rubric.</summary>
    public required string Rubric { get; init; }

    /// <summary>Version of the rubric.</summary>
    public required string RubricVersion { get; init; }

    /// <summary>The model that was asked for.</summary>
    public required string JudgeModel { get; init; }

    /// <summary>The better answer. A tie also where the two orders disagree; null when it failed.</summary>
    public PairWinner? Winner { get; init; }

    /// <summary>Whether the two orders disagreed: the judge went by position, so its preference counts as none.</summary>
    public bool IsPositionBiased { get; init; }

    /// <summary>Why, in the judge's words in the order A, B; or what went wrong. Untrusted text, bounded.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>One of <see cref="JudgeErrors"/>; empty when there is a winner or a tie.</summary>
    public string Error { get; init; } = "";

    /// <summary>Whether asking again later may help.</summary>
    public bool IsRetryable => JudgeErrors.IsRetryable(Error);

    /// <summary>Every request that was sent for it, in their order.</summary>
    public IReadOnlyList<JudgeExchange> Exchanges { get; init; } = [];

    /// <summary>US dollars of all requests; null when the cost of one that answered is unknown.</summary>
    public decimal? CostUsd => Exchanges.Any(e => e.Error.Length == 0 && e.CostUsd is null) ? null : Exchanges.Sum(e => e.CostUsd ?? 0);
}

/// <summary>The better of two answers.</summary>
public enum PairWinner
{
    /// <summary>Neither.</summary>
    Tie,

    /// <summary>The first one given.</summary>
    A,

    /// <summary>The second one given.</summary>
    B,
}
