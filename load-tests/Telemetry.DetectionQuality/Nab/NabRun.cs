using Telemetry.Detection.Predict;

namespace Telemetry.DetectionQuality.Nab;

/// <summary>Replays the series of a corpus, value by value, through the value-series detector.</summary>
internal static class NabRun
{
    /// <summary>The detector's score of each row of each series.</summary>
    public static IReadOnlyList<double[]> Of(IReadOnlyList<NabSeries> corpus) => [.. corpus.AsParallel().AsOrdered().Select(Of)];

    private static double[] Of(NabSeries series)
    {
        var detector = new ValueSeriesDetector(NabScorer.ProbationOf(series.Values.Length));
        return [.. series.Values.Select(detector.Next)];
    }
}
