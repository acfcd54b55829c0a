namespace Telemetry.Judge.Sample;

/// <summary>Calls of one key under one rule in one window.</summary>
/// <param name="Key">What they have in common.</param>
/// <param name="Rule">The rule that fits them.</param>
/// <param name="Calls">How many there are.</param>
/// <param name="Answered">How many of them have an answer that was kept.</param>
/// <param name="AnsweredOfDay">How many answered calls of the key there were in the 24 hours before, under any rule.</param>
internal sealed record Stratum(StratumKey Key, SamplingRule Rule, long Calls, long Answered, long AnsweredOfDay);
