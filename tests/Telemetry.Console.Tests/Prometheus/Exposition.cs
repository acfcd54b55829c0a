using System.Globalization;
using System.Text.RegularExpressions;

namespace Telemetry.Console.Tests.Prometheus;

/// <summary>A strict reader of Prometheus' text format 0.0.4: what it takes, Prometheus takes. Source: https://prometheus.io/docs/instrumenting/exposition_formats/.</summary>
internal static partial class Exposition
{
    /// <summary>Samples by name and labels as they stand; throws at anything that is not as it must be.</summary>
    public static Dictionary<string, double> Read(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        var closed = new HashSet<string>(StringComparer.Ordinal);
        var samples = new Dictionary<string, double>(StringComparer.Ordinal);
        string family = "";
        foreach (string line in text[..^1].Split('\n'))
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                string name = comment.Groups["name"].Value;
                Enter(ref family, name, closed);
                Assert.True(comment.Groups["kind"].Value == "HELP" || types.TryAdd(name, comment.Groups["text"].Value), $"two types: {line}");
                Assert.True(comment.Groups["kind"].Value == "HELP" || comment.Groups["text"].Value is "counter" or "gauge" or "histogram", line);
                Assert.False(comment.Groups["kind"].Value == "TYPE" && samples.Keys.Any(k => Family(k) == name), $"type after samples: {line}");
                continue;
            }

            Match sample = Sample().Match(line);
            Assert.True(sample.Success, $"neither a comment nor a sample: {line}");
            string of = sample.Groups["name"].Value;
            string member = types.ContainsKey(of) ? of : HistogramSuffix().Replace(of, "");
            Assert.True(types.ContainsKey(member), $"no type: {line}");
            Enter(ref family, member, closed);
            string[] labels = [.. Label().Matches(sample.Groups["labels"].Value).Select(m => m.Groups[1].Value)];
            Assert.Equal(labels.Length, labels.Distinct().Count());
            Assert.True(samples.TryAdd($"{of}{{{sample.Groups["labels"].Value}}}", Number(sample.Groups["value"].Value)), $"twice: {line}");
            Assert.True(types[member] != "counter" || (of.EndsWith("_total", StringComparison.Ordinal) && Number(sample.Groups["value"].Value) >= 0), line);
        }

        CheckHistograms(types, samples);
        return samples;
    }

    private static void CheckHistograms(Dictionary<string, string> types, Dictionary<string, double> samples)
    {
        foreach (string name in types.Where(t => t.Value == "histogram").Select(t => t.Key))
        {
            var series = samples.Where(s => s.Key.StartsWith(name + "_bucket{", StringComparison.Ordinal))
                .GroupBy(s => Regex.Replace(s.Key, ",?le=\"[^\"]*\"", ""), s => (Bound: Number(Regex.Match(s.Key, "le=\"([^\"]*)\"").Groups[1].Value), s.Value));
            foreach (var one in series)
            {
                (double Bound, double Value)[] buckets = [.. one];
                Assert.Equal(buckets.OrderBy(b => b.Bound), buckets);
                Assert.Equal(buckets.Select(b => b.Value).Order(), buckets.Select(b => b.Value));
                Assert.True(double.IsPositiveInfinity(buckets[^1].Bound), one.Key);
                Assert.Equal(samples[one.Key.Replace("_bucket", "_count", StringComparison.Ordinal)], buckets[^1].Value);
                Assert.Contains(one.Key.Replace("_bucket", "_sum", StringComparison.Ordinal), samples.Keys);
            }
        }
    }

    // All lines of a family stand together.
    private static void Enter(ref string family, string name, HashSet<string> closed)
    {
        if (family != name)
        {
            Assert.True(closed.Add(name), $"family {name} stands in two places");
            family = name;
        }
    }

    private static string Family(string sample) => HistogramSuffix().Replace(sample[..sample.IndexOf('{', StringComparison.Ordinal)], "");

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^# (?<kind>HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>(?:[^\\\n]|\\\\|\\n)*)$")]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<labels>(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^\\"\n]|\\\\|\\"|\\n)*",?)*)\})? (?<value>[+-]?(?:\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|Inf)|NaN)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="(?:[^\\"\n]|\\\\|\\"|\\n)*",?""")]
    private static partial Regex Label();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramSuffix();
}
