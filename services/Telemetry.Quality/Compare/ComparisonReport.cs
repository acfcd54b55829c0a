namespace Telemetry.Quality.Compare;

/// <summary>The answer to a comparison.</summary>
/// <param name="Verdict">What to do, and why.</param>
/// <param name="Quantiles">Quantiles beside it, which take no part in the verdict.</param>
/// <param name="BaselineCalls">Calls of the baseline that were looked at.</param>
/// <param name="CandidateCalls">Calls of the candidate that were looked at.</param>
/// <param name="SharedHours">Hours in which both were called.</param>
/// <param name="Warnings">What to know before believing it.</param>
public sealed record ComparisonReport(Verdict Verdict, IReadOnlyList<QuantileResult> Quantiles, long BaselineCalls, long CandidateCalls, long SharedHours, IReadOnlyList<string> Warnings);

/// <summary>One quantile of both versions.</summary>
/// <param name="Name">For example latency_p95.</param>
/// <param name="Baseline">The baseline's, in milliseconds; null without data.</param>
/// <param name="Candidate">The candidate's.</param>
/// <param name="Difference">Candidate less baseline, at all times at once; infinite where too little is known.</param>
public sealed record QuantileResult(string Name, double? Baseline, double? Candidate, Interval Difference);
