using Telemetry.Quality.Agree;
using Telemetry.Quality.Compare;

namespace Telemetry.Quality.Tests.Agree;

public class KappaTests
{
    private static readonly string[] Diagnoses = ["psychosis", "neurosis", "organic"];

    // Fleiss, Levin, Paik, "Statistical Methods for Rates and Proportions", 3rd edition, table 18.1: 100 diagnoses by two raters.
    private static readonly double[,] Published = { { 75, 1, 4 }, { 5, 4, 1 }, { 0, 0, 10 } };

    [Fact]
    public void A_published_example_gives_its_published_figures()
    {
        var kappa = Kappa.Of(new ContingencyTable(Diagnoses, Published), KappaWeights.Nominal);
        Assert.Equal((0.89, 0.66, 0.676), (Math.Round(kappa.Agreement, 3), Math.Round(kappa.ByChance, 3), Math.Round(kappa.Value!.Value, 3)));
        Assert.Equal(0.088, kappa.StandardError!.Value, 3);
        Interval interval = kappa.Interval(0.95);
        // Published from rounded figures: 0.504 to 0.848.
        Assert.InRange(interval.Low, 0.5035, 0.5055);
        Assert.InRange(interval.High, 0.8475, 0.8495);
    }

    [Fact]
    public void Weighted_kappa_gives_what_the_hand_computes()
    {
        // Observed: 1 - (1*.25 + 4*1 + 5*.25 + 1*.25 + 0*1 + 0*.25) / 100 = 0.9425. By chance: 1 - sum of distance^2 times both margins:
        // .25*(.8*.05 + .1*.8 + .1*.15 + .1*.05) + .8*.15 + .1*.8 = .035 + .2 = .235, so .765.
        var kappa = Kappa.Of(new ContingencyTable(Diagnoses, Published), KappaWeights.Quadratic);
        Assert.Equal((0.9425, 0.765), (Math.Round(kappa.Agreement, 6), Math.Round(kappa.ByChance, 6)));
        Assert.Equal((0.9425 - 0.765) / (1 - 0.765), kappa.Value!.Value, 9);
    }

    [Theory]
    [InlineData(KappaWeights.Nominal)]
    [InlineData(KappaWeights.Linear)]
    [InlineData(KappaWeights.Quadratic)]
    public void The_standard_error_is_that_of_the_delta_method(KappaWeights weights)
    {
        // The gradient of kappa by each cell, taken numerically, which shares nothing with the formula.
        var table = new ContingencyTable(Diagnoses, Published);
        const double Step = 1e-6;
        double mean = 0;
        double square = 0;
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double slope = (KappaWith(i, j, Step * table.Total, weights) - KappaWith(i, j, 0, weights)) / Step;
                mean += Published[i, j] / 100 * slope;
                square += Published[i, j] / 100 * slope * slope;
            }
        }

        Assert.Equal(Math.Sqrt((square - (mean * mean)) / 100), Kappa.Of(table, weights).StandardError!.Value, 4);
    }

    [Fact]
    public void With_two_categories_weights_change_nothing()
    {
        var table = new ContingencyTable(["no", "yes"], new double[,] { { 20, 5 }, { 10, 15 } });
        Assert.All(Enum.GetValues<KappaWeights>(), w => Assert.Equal(0.4, Kappa.Of(table, w).Value!.Value, 9));
    }

    [Fact]
    public void Raters_who_always_say_the_same_one_thing_have_no_kappa()
    {
        var kappa = Kappa.Of(ContingencyTable.Of([("good", "good"), ("good", "good")]), KappaWeights.Nominal);
        Assert.Equal((1.0, (double?)null), (kappa.Agreement, kappa.Value));
        Assert.Equal(Interval.Unknown, kappa.Interval(0.95));
    }

    [Fact]
    public void A_level_that_nobody_used_does_not_bring_its_neighbours_nearer()
    {
        ContingencyTable table = ContingencyTable.Of([(0.0, 0.0), (0.25, 0.25), (1.0, 0.25), (1.0, 1.0)]);
        Assert.Equal([0, 0.25, 1], table.Positions);
        // One pair of four is 0.75 apart: 1 - 0.75^2 / 4.
        Assert.Equal(1 - (0.75 * 0.75 / 4), Kappa.Of(table, KappaWeights.Quadratic).Agreement, 9);
    }

    [Fact]
    public void Correlations_of_a_known_example_with_ties()
    {
        // Ranks of the first: 1, 2.5, 2.5, 4; of the second: 1, 2, 3, 4. Sums of squared deviations 4.5 and 5, of products 4.5.
        var correlations = Correlations.Of([(1, 10), (2, 20), (2, 30), (9, 40)]);
        Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), correlations.Spearman!.Value, 9);
        Assert.Null(Correlations.Of([(1, 1), (1, 2)]).Pearson);
        Interval interval = correlations.SpearmanInterval(0.95);
        Assert.True(interval.Low < correlations.Spearman && interval.High > correlations.Spearman);
    }

    private static double KappaWith(int i, int j, double more, KappaWeights weights)
    {
        double[,] counts = (double[,])Published.Clone();
        counts[i, j] += more;
        // Direction within proportions: the derivative along the cell, with the total held by scaling, as kappa depends on proportions alone.
        return Kappa.Of(new ContingencyTable(Diagnoses, counts), weights).Value!.Value;
    }
}
