namespace Telemetry.Judge.Rubrics;

/// <summary>One level of a rubric's scale.</summary>
/// <param name="Score">What the judge answers.</param>
/// <param name="Label">Short stable name; becomes <c>label</c> of <c>llm_scores</c>.</param>
/// <param name="Meaning">What the judge is told about it.</param>
public sealed record RubricLevel(int Score, string Label, string Meaning);
