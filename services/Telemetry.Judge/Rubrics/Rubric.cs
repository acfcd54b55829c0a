namespace Telemetry.Judge.Rubrics;

/// <summary>What a judge is asked about an answer, and on what scale. One file of <c>schemas/judge/rubrics</c>.</summary>
public sealed record Rubric
{
    /// <summary>What is judged; becomes <c>name</c> of <c>llm_scores</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the wording. Scores of different versions are not to be compared: change it with every change of the text.</summary>
    public required string Version { get; init; }

    /// <summary>A score of one answer, or the better one of two.</summary>
    public required RubricKind Kind { get; init; }

    /// <summary>The question in one sentence.</summary>
    public required string Question { get; init; }

    /// <summary>How to judge, for the judge.</summary>
    public required string Instructions { get; init; }

    /// <summary>The scale, lowest score first; empty for a pairwise rubric.</summary>
    public required IReadOnlyList<RubricLevel> Levels { get; init; }

    /// <summary>Whether it can be judged only with retrieved context.</summary>
    public required bool NeedsContext { get; init; }

    /// <summary>Whether it can be judged only with an answer that is known to be right.</summary>
    public required bool NeedsReference { get; init; }

    /// <summary>File, line and column.</summary>
    public required string Place { get; init; }

    /// <summary>A score on the scale from 0 (lowest level) to 1 (highest level), as <c>value</c> of <c>llm_scores</c>.</summary>
    /// <param name="score">The score of one of the levels.</param>
    public double Normalize(int score) => (score - Levels[0].Score) / (double)(Levels[^1].Score - Levels[0].Score);
}
