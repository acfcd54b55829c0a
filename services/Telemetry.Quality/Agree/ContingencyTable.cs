using System.Globalization;

namespace Telemetry.Quality.Agree;

/// <summary>How often one rater said i where another said j, over the same items. Categories are in order, where they have one.</summary>
public sealed class ContingencyTable
{
    private readonly double[,] _counts;

    /// <summary>A table of pairs.</summary>
    /// <param name="categories">Names of the categories, the lowest first.</param>
    /// <param name="counts">Pairs, by the category of the first rater and that of the second. Weights are allowed.</param>
    /// <param name="positions">Where the categories stand on their scale; one apart when null.</param>
    /// <exception cref="ArgumentException">The table is not square over its categories, or a count is negative.</exception>
    public ContingencyTable(IReadOnlyList<string> categories, double[,] counts, IReadOnlyList<double>? positions = null)
    {
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.GetLength(0) != categories.Count || counts.GetLength(1) != categories.Count)
        {
            throw new ArgumentException($"the table is {counts.GetLength(0)} by {counts.GetLength(1)}; allowed: {categories.Count} by {categories.Count}", nameof(counts));
        }

        if (counts.Cast<double>().Any(c => !(c >= 0)))
        {
            throw new ArgumentException("a count is negative; allowed: 0 and more", nameof(counts));
        }

        Categories = categories;
        Positions = positions ?? [.. Enumerable.Range(0, categories.Count).Select(i => (double)i)];
        _counts = counts;
        Total = counts.Cast<double>().Sum();
    }

    /// <summary>Names of the categories.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>Sum of all counts.</summary>
    public double Total { get; }

    /// <summary>Pairs in which the first rater said <paramref name="first"/> and the second <paramref name="second"/>.</summary>
    public double this[int first, int second] => _counts[first, second];

    /// <summary>Where the categories stand on their scale.</summary>
    public IReadOnlyList<double> Positions { get; }

    /// <summary>The table of pairs of values on a scale; values that nobody used are left out.</summary>
    public static ContingencyTable Of(IEnumerable<(double First, double Second)> pairs)
    {
        List<(double First, double Second)> all = [.. pairs];
        List<double> values = [.. all.SelectMany(p => (double[])[p.First, p.Second]).Distinct().Order()];
        return Count(all.Select(p => (values.IndexOf(p.First), values.IndexOf(p.Second))), [.. values.Select(v => v.ToString("0.###", CultureInfo.InvariantCulture))], values);
    }

    /// <summary>The table of pairs of labels, which have no order.</summary>
    public static ContingencyTable Of(IEnumerable<(string First, string Second)> pairs)
    {
        List<(string First, string Second)> all = [.. pairs];
        List<string> labels = [.. all.SelectMany(p => (string[])[p.First, p.Second]).Distinct().Order(StringComparer.Ordinal)];
        return Count(all.Select(p => (labels.IndexOf(p.First), labels.IndexOf(p.Second))), labels, null);
    }

    private static ContingencyTable Count(IEnumerable<(int First, int Second)> pairs, List<string> categories, List<double>? positions)
    {
        double[,] counts = new double[categories.Count, categories.Count];
        foreach ((int first, int second) in pairs)
        {
            counts[first, second]++;
        }

        return new ContingencyTable(categories, counts, positions);
    }
}
