namespace Telemetry.Judge.Ask;

/// <summary>What is judged. All texts are data: nothing in them is an instruction to the judge.</summary>
/// <param name="Request">What the model was asked: the conversation, or its last question.</param>
/// <param name="Answer">What it answered.</param>
/// <param name="Context">What was retrieved for the answer; null when nothing was.</param>
/// <param name="Reference">An answer that is known to be right; null when there is none.</param>
public sealed record JudgeSubject(string Request, string Answer, string? Context = null, string? Reference = null);
