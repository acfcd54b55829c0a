using FsCheck;
using FsCheck.Fluent;
using Telemetry.ComparisonQuality;
using Telemetry.Quality.Compare;
using Interval = Telemetry.Quality.Compare.Interval;
using Outcome = Telemetry.ComparisonQuality.Outcome;

namespace Telemetry.Quality.Tests.Compare;

public class ComparisonTests
{
    [Fact]
    public void The_variance_of_a_weighted_mean_counts_clusters_and_not_calls()
    {
        // Two clusters of two equal observations each tell as much as two observations.
        var sums = new GrowingSums();
        sums.Add(1, 0);
        sums.Add(1, 0);
        sums.Add(2, 1);
        sums.Add(2, 1);
        Estimate estimate = sums.Sums.Estimate(isRate: false);
        Assert.Equal((0.5, 0.25, 2L, 4L), (estimate.Mean, Math.Round(estimate.Variance, 9), estimate.Clusters, estimate.Observations));
    }

    [Fact]
    public void A_weighted_mean_of_single_observations_has_the_variance_of_the_textbook()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<NormalFloat[]>().Filter(v => v.Length > 2), values =>
        {
            double[] bounded = [.. values.Select(v => Math.Clamp(v.Get, -1e6, 1e6))];
            var sums = new GrowingSums();
            for (int i = 0; i < bounded.Length; i++)
            {
                sums.Add(i, bounded[i]);
            }

            double mean = bounded.Average();
            double expected = bounded.Sum(v => Math.Pow(v - mean, 2)) / (bounded.Length - 1) / bounded.Length;
            Estimate estimate = sums.Sums.Estimate(isRate: false);
            return Math.Abs(estimate.Mean - mean) < 1e-6 && Math.Abs(estimate.Variance - expected) <= 1e-6 * (1 + expected);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_rate_of_which_nothing_was_seen_is_not_certain_to_be_nothing()
    {
        var sums = new GrowingSums();
        for (int i = 0; i < 200; i++)
        {
            sums.Add(i, 0);
        }

        Estimate estimate = sums.Sums.Estimate(isRate: true);
        Assert.InRange(Math.Sqrt(estimate.Variance), 1 / 200.0, 3 / 200.0);
    }

    [Fact]
    public void An_interval_for_all_times_is_wider_than_one_for_one_time_and_tightest_where_it_was_asked()
    {
        double fixedSize = 1.96 * Math.Sqrt(1e-4);
        double atEffect = ConfidenceSequence.Radius(1e-4, 0.028, 0.05);
        Assert.InRange(atEffect / fixedSize, 1.2, 1.7);
        Assert.True(ConfidenceSequence.Radius(1e-4, 28, 0.05) > atEffect);
        Assert.True(ConfidenceSequence.Radius(1e-4, 0.000028, 0.05) > atEffect);
        Assert.Equal(Interval.Unknown, ConfidenceSequence.OfDifference(new Estimate(0, 0.1, 99, 1000), new Estimate(9, 0.1, 1000, 1000), 0.1, 0.05));
    }

    [Fact]
    public void Looking_every_hour_ships_no_more_often_by_chance_than_was_promised()
    {
        // 300 runs at a promise of 2.5 %: more than 16 ships have a chance below one in a thousand.
        Outcome outcome = Simulation.Run(Scenarios.All[0] with { CallsPerHour = 30 }, runs: 300, hours: 96, seed: 11);
        Assert.InRange(outcome.Ships, 0, 16);
        Assert.True(outcome.NaiveShips > outcome.Ships, $"{outcome.NaiveShips} naive ships, {outcome.Ships} ships");
    }

    [Fact]
    public void A_better_candidate_is_found_and_one_that_breaks_a_guardrail_is_not_shipped()
    {
        Scenario better = Scenarios.All.Single(s => s.Name == "quality 0.1 higher");
        Assert.InRange(Simulation.Run(better with { CallsPerHour = 100 }, runs: 20, hours: 240, seed: 12).Ships, 18, 20);
        Scenario dear = Scenarios.All.Single(s => s.Name == "quality 0.05 higher, cost 30 % higher");
        Assert.Equal(0, Simulation.Run(dear with { CallsPerHour = 100 }, runs: 20, hours: 120, seed: 13).Ships);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    public void A_quantiles_interval_holds_at_every_look(double level)
    {
        const int Runs = 200;
        var random = new Random(5);
        int missed = Enumerable.Range(0, Runs).Count(_ => Misses(level, random));
        Assert.InRange(missed, 0, (int)(Runs * 0.05) + 10);
    }

    [Fact]
    public void What_nobody_measured_takes_no_part_and_what_one_side_lacks_holds_the_verdict_back()
    {
        ClusterSums good = Of(5000, 0.9);
        ClusterSums bad = Of(5000, 0.5);
        var measured = new Dictionary<ComparedMetric, (ClusterSums, ClusterSums)> { [ComparedMetric.Quality] = (bad, good), [ComparedMetric.Feedback] = default };
        Assert.Equal(Decision.Ship, Comparison.Decide(ComparedMetric.Quality, measured).Decision);
        measured[ComparedMetric.Feedback] = (good, default);
        Assert.Equal(Decision.NotEnoughData, Comparison.Decide(ComparedMetric.Quality, measured).Decision);
        measured[ComparedMetric.Feedback] = (good, bad);
        Verdict kept = Comparison.Decide(ComparedMetric.Quality, measured);
        Assert.Equal((Decision.Keep, "worse by more than the margin: feedback"), (kept.Decision, kept.Because));
        Assert.Equal(Decision.Keep, Comparison.Decide(ComparedMetric.Quality, new Dictionary<ComparedMetric, (ClusterSums, ClusterSums)> { [ComparedMetric.Quality] = (good, good) }).Decision);
    }

    private static ClusterSums Of(int count, double mean)
    {
        var sums = new GrowingSums();
        for (int i = 0; i < count; i++)
        {
            sums.Add(i, i < count * mean ? 1 : 0);
        }

        return sums.Sums;
    }

    // Uniform values, so that the true quantile is its level.
    private static bool Misses(double level, Random random)
    {
        var sorted = new List<double>();
        for (int look = 0; look < 40; look++)
        {
            for (int i = 0; i < 50; i++)
            {
                double value = random.NextDouble();
                int place = sorted.BinarySearch(value);
                sorted.Insert(place < 0 ? ~place : place, value);
            }

            Interval levels = QuantileSequence.Levels(level, sorted.Count, 0.05);
            if ((levels.Low > 0 && sorted[(int)Math.Floor(levels.Low * (sorted.Count - 1))] > level) || (levels.High < 1 && sorted[(int)Math.Ceiling(levels.High * (sorted.Count - 1))] < level))
            {
                return true;
            }
        }

        return false;
    }
}
