using MathNet.Numerics.Distributions;
using Telemetry.Quality.Compare;

namespace Telemetry.Quality.Agree;

/// <summary>Agreement beyond what chance gives, with its error.</summary>
/// <param name="Agreement">Observed agreement, 0 to 1; weighted where kappa is.</param>
/// <param name="ByChance">Agreement that two raters of these habits would reach by chance.</param>
/// <param name="Value">Cohen's kappa: 1 is full agreement, 0 is chance; null when both raters said the same one thing always, so that chance explains all.</param>
/// <param name="StandardError">Large-sample standard error; null with <paramref name="Value"/>.</param>
public sealed record Kappa(double Agreement, double ByChance, double? Value, double? StandardError)
{
    /// <summary>Kappa of a table (Cohen 1960, 1968), with the large-sample standard error of Fleiss, Cohen and Everitt 1969.</summary>
    /// <exception cref="ArgumentException">The table is empty.</exception>
    public static Kappa Of(ContingencyTable table, KappaWeights weights)
    {
        ArgumentNullException.ThrowIfNull(table);
        int k = table.Categories.Count;
        if (!(table.Total > 0))
        {
            throw new ArgumentException("the table is empty; allowed: at least one pair", nameof(table));
        }

        double[] rows = [.. Enumerable.Range(0, k).Select(i => Enumerable.Range(0, k).Sum(j => table[i, j]) / table.Total)];
        double[] columns = [.. Enumerable.Range(0, k).Select(j => Enumerable.Range(0, k).Sum(i => table[i, j]) / table.Total)];
        double observed = 0;
        double chance = 0;
        ForAll(k, (i, j) =>
        {
            observed += Weight(table, i, j, weights) * table[i, j] / table.Total;
            chance += Weight(table, i, j, weights) * rows[i] * columns[j];
        });
        if (1 - chance < 1e-12)
        {
            return new Kappa(observed, chance, null, null);
        }

        double kappa = (observed - chance) / (1 - chance);
        return new Kappa(observed, chance, kappa, Math.Sqrt(Math.Max(0, Variance(table, weights, rows, columns, kappa, chance))));
    }

    /// <summary>Where the true kappa lies.</summary>
    /// <param name="confidence">For example 0.95.</param>
    public Interval Interval(double confidence)
    {
        if (Value is not { } kappa || StandardError is not { } error)
        {
            return Compare.Interval.Unknown;
        }

        double radius = Normal.InvCDF(0, 1, 1 - ((1 - confidence) / 2)) * error;
        return new Interval(Math.Max(-1, kappa - radius), Math.Min(1, kappa + radius));
    }

    private static double Variance(ContingencyTable table, KappaWeights weights, double[] rows, double[] columns, double kappa, double chance)
    {
        int k = table.Categories.Count;
        double[] ofRow = [.. Enumerable.Range(0, k).Select(i => Enumerable.Range(0, k).Sum(j => columns[j] * Weight(table, i, j, weights)))];
        double[] ofColumn = [.. Enumerable.Range(0, k).Select(j => Enumerable.Range(0, k).Sum(i => rows[i] * Weight(table, i, j, weights)))];
        double sum = 0;
        ForAll(k, (i, j) => sum += table[i, j] / table.Total * Math.Pow(Weight(table, i, j, weights) - ((ofRow[i] + ofColumn[j]) * (1 - kappa)), 2));
        return (sum - Math.Pow(kappa - (chance * (1 - kappa)), 2)) / (table.Total * Math.Pow(1 - chance, 2));
    }

    private static double Weight(ContingencyTable table, int i, int j, KappaWeights weights)
    {
        double range = table.Positions[^1] - table.Positions[0];
        double distance = range > 0 ? Math.Abs(table.Positions[i] - table.Positions[j]) / range : 0;
        return weights switch
        {
            KappaWeights.Nominal => i == j ? 1 : 0,
            KappaWeights.Linear => 1 - distance,
            _ => 1 - (distance * distance),
        };
    }

    private static void ForAll(int k, Action<int, int> visit)
    {
        for (int i = 0; i < k; i++)
        {
            for (int j = 0; j < k; j++)
            {
                visit(i, j);
            }
        }
    }
}
