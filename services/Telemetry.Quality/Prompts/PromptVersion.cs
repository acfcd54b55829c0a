namespace Telemetry.Quality.Prompts;

/// <summary>One version of a prompt, as <c>llm_prompt_versions</c> has it.</summary>
public sealed record PromptVersion
{
    /// <summary>The service that calls it.</summary>
    public required string Service { get; init; }

    /// <summary>The version.</summary>
    public required string Version { get; init; }

    /// <summary>Hour of the first call, UTC.</summary>
    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>Hour of the last call, UTC.</summary>
    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>Calls.</summary>
    public required long Calls { get; init; }

    /// <summary>Share of calls that ended in error.</summary>
    public required double ErrorShare { get; init; }

    /// <summary>Share of calls in which screening found something; null when no call of it was ever judged.</summary>
    public required double? FlaggedShare { get; init; }

    /// <summary>US dollars of all priced calls.</summary>
    public required decimal CostUsd { get; init; }

    /// <summary>Calls that are missing in the cost.</summary>
    public required long UnpricedCalls { get; init; }

    /// <summary>US dollars for a priced call; null when none is priced.</summary>
    public required double? UsdPerCall { get; init; }

    /// <summary>Tokens of a call that told its usage; null when none did.</summary>
    public required double? TokensPerCall { get; init; }

    /// <summary>Median duration.</summary>
    public required double? DurationP50Milliseconds { get; init; }

    /// <summary>95th percentile of the duration.</summary>
    public required double? DurationP95Milliseconds { get; init; }

    /// <summary>Median time to first token; null when no call told it.</summary>
    public required double? FirstTokenP50Milliseconds { get; init; }

    /// <summary>95th percentile of the time to first token.</summary>
    public required double? FirstTokenP95Milliseconds { get; init; }

    /// <summary>What judges think, 0 to 1, weighed by how calls were sampled; null when none was judged.</summary>
    public required double? Quality { get; init; }

    /// <summary>Judgements that it is made of.</summary>
    public required long Judgements { get; init; }

    /// <summary>What users think, 0 to 1; null when nobody said.</summary>
    public required double? Feedback { get; init; }

    /// <summary>Opinions that it is made of.</summary>
    public required long Opinions { get; init; }
}

/// <summary>How often a prompt changes, and how fast its answers are judged.</summary>
/// <param name="Service">The service that calls it.</param>
/// <param name="Prompt">Its name.</param>
/// <param name="Versions">Versions that were called.</param>
/// <param name="Deployments">How often a newer version took over.</param>
/// <param name="Rollbacks">How often an older one came back.</param>
/// <param name="DeploymentsPerWeek">Deployments over the time that it is known.</param>
/// <param name="RollbackRate">Rollbacks for a deployment; null when there was none.</param>
/// <param name="JudgementsPerDay">Evaluation velocity: judgements a day, of judges, reviewers and users.</param>
/// <param name="MedianHoursToJudge">Hours between a call and its judgement; null when none was judged.</param>
public sealed record PromptPace(
    string Service, string Prompt, long Versions, long Deployments, long Rollbacks, double DeploymentsPerWeek, double? RollbackRate, double JudgementsPerDay, double? MedianHoursToJudge);

/// <summary>One change of the version in charge.</summary>
/// <param name="Service">The service that calls it.</param>
/// <param name="At">Hour of the change, UTC.</param>
/// <param name="Kind">first, deployed, rolled_back.</param>
/// <param name="From">The version before; empty for the first.</param>
/// <param name="To">The version after.</param>
public sealed record PromptChange(string Service, DateTimeOffset At, string Kind, string From, string To);
