using Telemetry.Quality.Compare;

namespace Telemetry.ComparisonQuality;

/// <summary>How a scenario ended over many runs.</summary>
/// <param name="Ships">Runs that ended in "ship".</param>
/// <param name="Keeps">Runs that ended in "keep".</param>
/// <param name="Runs">All runs.</param>
/// <param name="MedianHoursToShip">Hours until half of the shipped runs had shipped; null when none did.</param>
/// <param name="NaiveShips">Runs in which a fixed-size test at the same level, looked at each hour, would once have said that the goal is better.</param>
internal sealed record Outcome(int Ships, int Keeps, int Runs, double? MedianHoursToShip, int NaiveShips);

/// <summary>Looks at a comparison after every hour and stops at the first verdict, as an impatient team would.</summary>
internal static class Simulation
{
    /// <summary>Runs a scenario.</summary>
    public static Outcome Run(Scenario scenario, int runs, int hours, int seed)
    {
        int ships = 0;
        int keeps = 0;
        int naive = 0;
        var shippedAt = new List<double>();
        for (int run = 0; run < runs; run++)
        {
            (Decision decision, int hour, bool isNaive) = RunOnce(scenario, hours, new Random((seed * 100_003) + run));
            ships += decision == Decision.Ship ? 1 : 0;
            keeps += decision == Decision.Keep ? 1 : 0;
            naive += isNaive ? 1 : 0;
            if (decision == Decision.Ship)
            {
                shippedAt.Add(hour);
            }
        }

        shippedAt.Sort();
        return new Outcome(ships, keeps, runs, shippedAt.Count > 0 ? shippedAt[shippedAt.Count / 2] : null, naive);
    }

    // The naive test goes on to the end, so that both have the same chances to err.
    private static (Decision Decision, int Hour, bool IsNaive) RunOnce(Scenario scenario, int hours, Random random)
    {
        var baseline = new Arm(scenario.Baseline, random);
        var candidate = new Arm(scenario.Candidate, random);
        ComparedMetric goal = ComparedMetric.Find(scenario.Goal)!;
        (Decision Decision, int Hour) first = (Decision.NotEnoughData, hours);
        bool isNaive = false;
        for (int hour = 1; hour <= hours; hour++)
        {
            baseline.AddHour(scenario.CallsPerHour);
            candidate.AddHour(scenario.CallsPerHour);
            if (first.Decision == Decision.NotEnoughData)
            {
                Verdict verdict = Comparison.Decide(goal, baseline.Sums.Keys.ToDictionary(m => m, m => (baseline.Sums[m].Sums, candidate.Sums[m].Sums)));
                first = verdict.Decision == Decision.NotEnoughData ? first : (verdict.Decision, hour);
            }

            isNaive |= IsNaivelyBetter(goal, baseline.Sums[goal].Sums, candidate.Sums[goal].Sums);
        }

        return (first.Decision, first.Hour, isNaive);
    }

    private static bool IsNaivelyBetter(ComparedMetric goal, ClusterSums baseline, ClusterSums candidate)
    {
        const double TwoSided = 1.96;
        Estimate a = baseline.Estimate(goal.IsRate);
        Estimate b = candidate.Estimate(goal.IsRate);
        double gain = goal.HigherIsBetter ? b.Mean - a.Mean : a.Mean - b.Mean;
        return Math.Min(a.Clusters, b.Clusters) >= ConfidenceSequence.FewestClusters && gain > TwoSided * Math.Sqrt(a.Variance + b.Variance);
    }
}
