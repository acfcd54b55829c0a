namespace Telemetry.Judge.Rubrics;

/// <summary>What a rubric asks for.</summary>
public enum RubricKind
{
    /// <summary>A score of one answer.</summary>
    Score,

    /// <summary>The better one of two answers.</summary>
    Pairwise,
}
