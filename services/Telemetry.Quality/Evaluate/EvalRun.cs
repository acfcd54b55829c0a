namespace Telemetry.Quality.Evaluate;

/// <summary>One run of a golden set. What <c>--out</c> writes, and what <c>llm_eval_runs</c> and <c>llm_eval_results</c> hold.</summary>
public sealed record EvalRun
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>When it was started, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Name of the set.</summary>
    public required string Set { get; init; }

    /// <summary>SHA-256 of the set's file.</summary>
    public required string SetHash { get; init; }

    /// <summary>Model that was asked.</summary>
    public required string Model { get; init; }

    /// <summary>The endpoint, without user and query.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What the run is told apart by: a version of the prompt, a commit.</summary>
    public required string Label { get; init; }

    /// <summary>The judge's model; empty without one.</summary>
    public required string JudgeModel { get; init; }

    /// <summary>How often each case was asked.</summary>
    public required int Repeats { get; init; }

    /// <summary>Results, by case and repeat.</summary>
    public required IReadOnlyList<EvalResult> Results { get; init; }

    /// <summary>Results that say nothing: the endpoint or the judge gave none.</summary>
    public int Incomplete => Results.Count(r => r.Error.Length > 0);

    /// <summary>Share of results that passed, of those that say something.</summary>
    public double? PassRate => Results.Count > Incomplete ? Results.Count(r => r.Passed && r.Error.Length == 0) / (double)(Results.Count - Incomplete) : null;

    /// <summary>Mean of the judge's scores; null without any.</summary>
    public double? MeanScore => Results.SelectMany(r => r.Scores.Values).ToList() is { Count: > 0 } scores ? scores.Average() : null;
}

/// <summary>One answer to one case.</summary>
public sealed record EvalResult
{
    /// <summary>Id of the case.</summary>
    public required string CaseId { get; init; }

    /// <summary>Which repeat, from 0.</summary>
    public required int Repeat { get; init; }

    /// <summary>Whether everything held.</summary>
    public required bool Passed { get; init; }

    /// <summary>Whether a failure is a regression whatever the statistics say.</summary>
    public bool MustPass { get; init; }

    /// <summary>What did not hold, each with why.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>The judge's scores, 0 to 1, by rubric.</summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }

    /// <summary>Why there is no result; empty when there is one.</summary>
    public required string Error { get; init; }

    /// <summary>The answer, its first characters.</summary>
    public required string Answer { get; init; }

    /// <summary>Milliseconds to the answer.</summary>
    public required double LatencyMilliseconds { get; init; }

    /// <summary>Input tokens; null when not told.</summary>
    public required long? InputTokens { get; init; }

    /// <summary>Output tokens; null when not told.</summary>
    public required long? OutputTokens { get; init; }
}
