using Telemetry.Detection.Predict;

namespace Telemetry.CommandLine.Detect;

/// <summary>How odd one value of a series is.</summary>
/// <param name="At">When, as the source writes it.</param>
/// <param name="Value">How much.</param>
/// <param name="Score">0 to 1; see <see cref="ValueSeriesDetector"/>.</param>
/// <param name="Told">Whether it is worth telling.</param>
internal sealed record ScoredRow(string At, double Value, double Score, bool Told);

/// <summary>Replays a series through the detector for series of which nothing is known.</summary>
internal static class SeriesScores
{
    private const double WarmUpShare = 0.15;
    private const int LongestWarmUp = 750;

    /// <summary>The values at the beginning that are learned from only, when nobody says how many.</summary>
    public static int WarmUpOf(int rows) => (int)Math.Min(WarmUpShare * rows, LongestWarmUp);

    /// <summary>Each value with its score.</summary>
    /// <param name="rows">The series, in order of time.</param>
    /// <param name="warmUp">Values at the beginning of which nothing is said.</param>
    public static IReadOnlyList<ScoredRow> Of(IReadOnlyList<SeriesRow> rows, int warmUp)
    {
        var detector = new ValueSeriesDetector(warmUp);
        var scored = new List<ScoredRow>(rows.Count);
        foreach (SeriesRow row in rows)
        {
            double score = detector.Next(row.Value);
            scored.Add(new ScoredRow(row.At, row.Value, score, score >= ValueSeriesDetector.Record));
        }

        return scored;
    }
}
