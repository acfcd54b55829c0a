using FsCheck;
using FsCheck.Fluent;
using Telemetry.DetectionQuality.Nab;

namespace Telemetry.Detection.Tests.Nab;

/// <summary>The benchmark's score against values worked out by hand and against what it must be by definition.</summary>
public sealed class NabScorerTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData(-1, 0.986614298)]
    [InlineData(-0.5, 0.848283640)]
    [InlineData(0, 0)]
    [InlineData(1, -0.986614298)]
    [InlineData(2.99, -0.999999357)]
    [InlineData(3, -1)]
    public void The_sigmoid_is_the_benchmarks(double position, double expected) => Assert.Equal(expected, NabScorer.ScaledSigmoid(position), 1e-6);

    [Theory]
    [InlineData(100, 15)]
    [InlineData(4032, 604)]
    [InlineData(22695, 750)]
    public void Probation_is_fifteen_percent_and_at_most_750_rows(int rows, int expected) => Assert.Equal(expected, NabScorer.ProbationOf(rows));

    [Fact]
    public void Nothing_is_0_and_the_first_row_of_each_window_100()
    {
        NabSeries[] corpus = [Series(200, (50, 59), (120, 139)), Series(100)];
        Assert.Equal(0, NabScorer.Best(corpus, [new double[200], new double[100]]).Score, Tolerance);
        double[] perfect = new double[200];
        (perfect[50], perfect[120]) = (1, 1);
        Assert.Equal(new NabScore(100, 1, 2, 2, 0), NabScorer.Best(corpus, [perfect, new double[100]]));
    }

    [Fact]
    public void One_found_late_one_missed_and_two_false_ones_give_what_they_give_by_hand()
    {
        double[] scores = new double[200];
        (scores[30], scores[54], scores[64]) = (1, 1, 1);
        NabScore score = NabScorer.Best([Series(200, (50, 59), (120, 139))], [scores]);

        // Row 54 of 50 to 59 lies at -(59 - 54 + 1) / 10 = -0.6: 2 / (1 + e^-3) - 1 = 0.905148, over 0.986614 at the first row.
        // Row 30 is before any window: -0.11. Row 64 lies 5 / 9 of a window's width behind it: 2 / (1 + e^(25/9)) - 1 = -0.882926, times 0.11.
        double expected = (0.905148254 / 0.986614298) - 1 - 0.11 - (0.11 * 0.882926168);
        Assert.Equal(100 * (expected + 2) / 4, score.Score, 1e-5);
        Assert.Equal((1, 2, 2), (score.Found, score.Windows, score.FalsePositives));
    }

    [Fact]
    public void Rows_on_probation_count_for_nothing()
    {
        double[] early = new double[200];
        early[5] = 1;
        Assert.Equal(0, NabScorer.Best([Series(200, (2, 9), (120, 139))], [early]).Score, Tolerance);
        Assert.Equal(1, NabScorer.Best([Series(200, (2, 9), (120, 139))], [early]).Windows);
    }

    [Fact]
    public void No_detector_is_better_than_perfect_or_worse_than_nothing_at_its_best_threshold() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<int>(),
            seed =>
            {
                var random = new Random(seed);
                double[] scores = [.. Enumerable.Range(0, 300).Select(_ => Math.Round(random.NextDouble(), 2))];
                return NabScorer.Best([Series(300, (80, 99), (200, 239))], [scores]).Score is >= 0 and <= 100;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_folder_in_the_benchmarks_layout_is_read()
    {
        using var folder = new TestKit.TemporaryDirectory();
        Directory.CreateDirectory(Path.Combine(folder.Path, "data", "kind"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "labels"));
        File.WriteAllLines(Path.Combine(folder.Path, "data", "kind", "a.csv"), ["timestamp,value", "2014-04-01 00:00:00,1.5", "2014-04-01 00:05:00,2", "2014-04-01 00:10:00,-3e2"]);
        File.WriteAllText(Path.Combine(folder.Path, "labels", "combined_windows.json"), """{"kind/a.csv": [["2014-04-01 00:05:00.000000", "2014-04-01 00:10:00.000000"]], "kind/elsewhere.csv": []}""");
        NabSeries series = Assert.Single(NabCorpus.Load(folder.Path));
        Assert.Equal([1.5, 2, -300], series.Values);
        Assert.Equal([(1, 2)], series.Windows);

        File.AppendAllText(Path.Combine(folder.Path, "data", "kind", "a.csv"), "yesterday,5\n");
        Assert.Contains("a.csv:5", Assert.Throws<InvalidDataException>(() => NabCorpus.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static NabSeries Series(int rows, params (int First, int Last)[] windows) => new("series", new DateTime[rows], new double[rows], windows);
}
