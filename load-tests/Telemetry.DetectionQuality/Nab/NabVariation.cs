namespace Telemetry.DetectionQuality.Nab;

/// <summary>
/// The same series a little changed: a detector whose settings fit these files rather than series in general does clearly worse on them.
/// </summary>
/// <param name="Name">For the report.</param>
/// <param name="Of">Changes a series, given its place in the corpus.</param>
internal sealed record NabVariation(string Name, Func<NabSeries, int, NabSeries> Of)
{
    private const double NoiseShare = 0.1;
    private const double CutShare = 0.07;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<NabVariation> All { get; } =
    [
        new("two rows as one", (s, _) => Thin(s, 2)),
        new("three rows as one", (s, _) => Thin(s, 3)),
        new("a tenth of noise", Blur),
        new("begins 7 % later", (s, _) => Cut(s)),
    ];

    private static NabSeries Thin(NabSeries series, int rows)
    {
        int count = series.Values.Length / rows;
        return series with
        {
            Times = [.. Enumerable.Range(0, count).Select(i => series.Times[i * rows])],
            Values = [.. Enumerable.Range(0, count).Select(i => series.Values.AsSpan(i * rows, rows).ToArray().Average())],
            Windows = [.. series.Windows.Select(w => (w.First / rows, Math.Min(count - 1, w.Last / rows)))],
        };
    }

    private static NabSeries Blur(NabSeries series, int place)
    {
        var draws = new Synthetic.Draws(place + 1);
        double mean = series.Values.Average();
        double deviation = Math.Sqrt(series.Values.Average(v => (v - mean) * (v - mean)));
        return series with { Values = [.. series.Values.Select(v => v + (NoiseShare * deviation * draws.Normal()))] };
    }

    private static NabSeries Cut(NabSeries series)
    {
        int rows = (int)(CutShare * series.Values.Length);
        return series with
        {
            Times = series.Times[rows..],
            Values = series.Values[rows..],
            Windows = [.. series.Windows.Where(w => w.First > rows).Select(w => (w.First - rows, w.Last - rows))],
        };
    }
}
