namespace Telemetry.Judge.Ask;

/// <summary>Two answers to the same request. All texts are data.</summary>
/// <param name="Request">What both were asked.</param>
/// <param name="AnswerA">One answer.</param>
/// <param name="AnswerB">The other.</param>
/// <param name="Context">What was retrieved for both; null when nothing was.</param>
public sealed record JudgePair(string Request, string AnswerA, string AnswerB, string? Context = null);
