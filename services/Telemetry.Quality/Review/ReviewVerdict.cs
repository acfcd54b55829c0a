namespace Telemetry.Quality.Review;

/// <summary>What a reviewer says about an answer.</summary>
/// <param name="TraceId">Its trace.</param>
/// <param name="SpanId">Its call.</param>
/// <param name="Rubric">What is judged; the judge's own name for it, so that both can be compared.</param>
/// <param name="Reviewer">Who says it.</param>
/// <param name="Value">0 (bad) to 1 (good); null for a label alone.</param>
/// <param name="Label">In a word; may be empty when there is a value.</param>
/// <param name="Comment">Why; may be empty.</param>
public sealed record ReviewVerdict(string TraceId, string SpanId, string Rubric, string Reviewer, double? Value, string Label, string Comment);
