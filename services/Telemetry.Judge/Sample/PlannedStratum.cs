namespace Telemetry.Judge.Sample;

/// <summary>A stratum with the probability that its calls are sampled with.</summary>
/// <param name="Stratum">The stratum.</param>
/// <param name="Share">What rule and floor ask for.</param>
/// <param name="Probability">What the budget allows of it.</param>
internal sealed record PlannedStratum(Stratum Stratum, double Share, double Probability);
