using System.Globalization;
using System.Text.Json.Nodes;
using Telemetry.DetectionQuality.Nab;

namespace Telemetry.DetectionQuality.Report;

/// <summary>Prints the score of a corpus, for people or for machines.</summary>
internal static class NabTable
{
    /// <summary>For people.</summary>
    public static void Print(IReadOnlyList<NabSeries> corpus, IReadOnlyList<double[]> scores, NabScore best, TextWriter output)
    {
        output.WriteLine(Text($"standard score {best.Score:0.00} at threshold {best.Threshold:0.0000}: {best.Found} of {best.Windows} windows, {best.FalsePositives} detections outside"));
        output.WriteLine(Text($"{"series",-64}{"windows",8}{"found",7}{"outside",9}"));
        for (int i = 0; i < corpus.Count; i++)
        {
            (int windows, int found, int outside) = Count(corpus[i], scores[i], best.Threshold);
            output.WriteLine(Text($"{corpus[i].Name,-64}{windows,8}{found,7}{outside,9}"));
        }
    }

    /// <summary>One line of a corpus that was changed.</summary>
    public static void PrintVariation(string name, NabScore score, TextWriter output) =>
        output.WriteLine(Text($"{name,-24}standard score {score.Score:0.00}, {score.Found} of {score.Windows} windows, {score.FalsePositives} detections outside"));

    /// <summary>For machines.</summary>
    public static JsonObject ToJson(IReadOnlyList<NabSeries> corpus, IReadOnlyList<double[]> scores, NabScore best) => new()
    {
        ["score"] = best.Score,
        ["threshold"] = best.Threshold,
        ["windows"] = best.Windows,
        ["found"] = best.Found,
        ["outside"] = best.FalsePositives,
        ["series"] = new JsonArray([.. corpus.Select((c, i) => Count(c, scores[i], best.Threshold) is var (windows, found, outside)
            ? (JsonNode)new JsonObject { ["name"] = c.Name, ["windows"] = windows, ["found"] = found, ["outside"] = outside }
            : null)]),
    };

    private static (int Windows, int Found, int Outside) Count(NabSeries series, double[] scores, double threshold)
    {
        (_, int[] window) = NabScorer.Weigh(series);
        List<int> hits = [.. Enumerable.Range(0, scores.Length).Where(r => window[r] != -2 && scores[r] >= threshold).Select(r => window[r])];
        return (window.Where(w => w >= 0).Distinct().Count(), hits.Where(w => w >= 0).Distinct().Count(), hits.Count(w => w == -1));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
