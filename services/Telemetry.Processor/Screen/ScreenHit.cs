namespace Telemetry.Processor.Screen;

/// <summary>One finding on a call; becomes a row of <c>llm_scores</c>.</summary>
/// <param name="Flag">One of <see cref="ScreenFlags"/>.</param>
/// <param name="Evidence">What shows it, from a small set: finish_reason, phrase:de, missing_required, …; never what was said. Empty when the flag says all.</param>
internal readonly record struct ScreenHit(string Flag, string Evidence);
