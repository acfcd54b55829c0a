using Telemetry.Quality.Evaluate;

namespace Telemetry.Quality.Tests.Evaluate;

public class EvalComparisonTests
{
    [Theory]
    [InlineData(0, 0, 1.0)]
    [InlineData(0, 5, 1.0)]
    [InlineData(5, 0, 0.03125)]
    [InlineData(8, 2, 0.0546875)]
    [InlineData(9, 1, 0.0107421875)]
    public void McNemar_is_the_tail_of_the_coin(int broken, int repaired, double expected) => Assert.Equal(expected, EvalComparison.McNemar(broken, repaired), 12);

    [Fact]
    public void The_permutation_test_is_exact_for_few_and_near_it_for_many()
    {
        Assert.Equal(1 / 32.0, EvalComparison.PermutationTest([-0.1, -0.2, -0.3, -0.4, -0.5]), 12);
        Assert.Equal(1, EvalComparison.PermutationTest([0.1, 0.2]), 12);
        Assert.Equal(1, EvalComparison.PermutationTest([0, 0, 0]), 12);
        // Of 20 equal changes with 15 below zero: the coin's chance of 15 or more, by the way of permutations.
        double[] changes = [.. Enumerable.Range(0, 20).Select(i => i < 15 ? -0.1 : 0.1)];
        Assert.InRange(EvalComparison.PermutationTest(changes), 0.0207 - 0.004, 0.0207 + 0.004);
    }

    [Fact]
    public void Few_broken_cases_are_no_regression_unless_they_must_pass_or_strictness_is_asked()
    {
        EvalRun before = Run([.. Enumerable.Range(0, 20).Select(i => (Id: $"c{i}", Passed: true, Score: (double?)null))]);
        EvalRun two = Run([.. Enumerable.Range(0, 20).Select(i => ($"c{i}", i >= 2, (double?)null))]);
        Assert.False(EvalComparison.Of(before, two, 0.05, isStrict: false).IsRegression);
        Assert.Equal(["c0", "c1"], EvalComparison.Of(before, two, 0.05, isStrict: false).Broken);
        Assert.True(EvalComparison.Of(before, two, 0.05, isStrict: true).IsRegression);
        EvalRun must = two with { Results = [.. two.Results.Select(r => r with { MustPass = r.CaseId == "c1" })] };
        Assert.Equal((true, "c1"), (EvalComparison.Of(before, must, 0.05, isStrict: false).IsRegression, EvalComparison.Of(before, must, 0.05, isStrict: false).MustPassFailed.Single()));
        EvalRun six = Run([.. Enumerable.Range(0, 20).Select(i => ($"c{i}", i >= 6, (double?)null))]);
        Assert.True(EvalComparison.Of(before, six, 0.05, isStrict: false).IsRegression);
    }

    [Fact]
    public void Lower_scores_throughout_are_a_regression_though_every_case_passes()
    {
        EvalRun before = Run([.. Enumerable.Range(0, 30).Select(i => ($"c{i}", true, (double?)1))]);
        EvalRun now = Run([.. Enumerable.Range(0, 30).Select(i => ($"c{i}", true, (double?)(i % 3 == 0 ? 1 : 0.75)))]);
        var comparison = EvalComparison.Of(before, now, 0.05, isStrict: false);
        Assert.True(comparison.IsRegression && comparison.ScoreProbability < 0.01 && comparison.ScoreChange < -0.1);
        Assert.False(EvalComparison.Of(now, before, 0.05, isStrict: false).IsRegression);
        Assert.False(EvalComparison.Of(before, before, 0.05, isStrict: false).IsRegression);
    }

    [Fact]
    public void What_has_no_result_is_no_regression()
    {
        EvalRun before = Run([.. Enumerable.Range(0, 10).Select(i => ($"c{i}", true, (double?)null))]);
        EvalRun now = before with { Results = [.. before.Results.Select(r => r with { Passed = false, Error = "HTTP 503" })] };
        var comparison = EvalComparison.Of(before, now, 0.05, isStrict: true);
        Assert.Equal((0, false), (comparison.Cases, comparison.IsRegression));
        Assert.Equal((10, (double?)null), (now.Incomplete, now.PassRate));
    }

    private static EvalRun Run((string Id, bool Passed, double? Score)[] results) => new()
    {
        Id = "r",
        StartedAt = DateTimeOffset.UnixEpoch,
        Set = "set",
        SetHash = "",
        Model = "m",
        Endpoint = "",
        Label = "",
        JudgeModel = "",
        Repeats = 1,
        Results =
        [
            .. results.Select(r => new EvalResult
            {
                CaseId = r.Id,
                Repeat = 0,
                Passed = r.Passed,
                Failures = [],
                Scores = r.Score is { } s ? new Dictionary<string, double> { ["relevance"] = s } : [],
                Error = "",
                Answer = "",
                LatencyMilliseconds = 1,
                InputTokens = 1,
                OutputTokens = 1,
            }),
        ],
    };
}
