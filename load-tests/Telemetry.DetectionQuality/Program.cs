using Telemetry.Detection.Compare;
using Telemetry.DetectionQuality.Evaluate;
using Telemetry.DetectionQuality.Synthetic;

if (args.Length > 1 && args[0] == "--nab")
{
    var corpus = Telemetry.DetectionQuality.Nab.NabCorpus.Load(args[1]);
    List<double[]> Run(Func<IEnumerable<Telemetry.Detection.Predict.IMeasure>?> m) => [.. corpus.AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(c => { var d = new Telemetry.Detection.Predict.ValueSeriesDetector(Telemetry.DetectionQuality.Nab.NabScorer.ProbationOf(c.Values.Length), m()); return c.Values.Select(d.Next).ToArray(); })];
    var all = Run(() => null);
    var best = Telemetry.DetectionQuality.Nab.NabScorer.Best(corpus, all);
    Console.WriteLine(best);
    for (int i = 0; i < corpus.Count; i++)
    {
        (double[] w, int[] win) = Telemetry.DetectionQuality.Nab.NabScorer.Weigh(corpus[i]);
        var hits = Enumerable.Range(0, w.Length).Where(r => win[r] != -2 && all[i][r] >= best.Threshold).ToList();
        var found = hits.Where(h => win[h] >= 0).GroupBy(h => win[h]).ToDictionary(g => g.Key, g => (g.Max(h => w[h]), g.Count()));
        Console.WriteLine($"{corpus[i].Name,-60} n={w.Length} windows {corpus[i].Windows.Count} found [{string.Join(" ", found.Select(f => $"{f.Key}:{f.Value.Item1:F2}"))}] fp {hits.Count(h => win[h] == -1)} cost {hits.Where(h => win[h] == -1).Sum(h => w[h]):F2} maxin [{string.Join(" ", Enumerable.Range(0, corpus[i].Windows.Count).Select(k => Enumerable.Range(0, w.Length).Where(r => win[r] == k).Select(r => all[i][r]).DefaultIfEmpty().Max().ToString("F2")))}]");
    }
    if (args.Length > 2)
    foreach (var (name, m) in new (string, Func<IEnumerable<Telemetry.Detection.Predict.IMeasure>?>)[] { ("level", () => [new Telemetry.Detection.Predict.LevelDistance()]), ("step", () => [new Telemetry.Detection.Predict.Step()]), ("shift12", () => [new Telemetry.Detection.Predict.MeanShift(12, 144)]), ("shift48", () => [new Telemetry.Detection.Predict.MeanShift(48, 600)]), ("rough", () => [new Telemetry.Detection.Predict.RoughnessChange(24, 400)]), ("shape", () => [new Telemetry.Detection.Predict.ShapeDistance(24)]) })
        Console.WriteLine($"{name}: {Telemetry.DetectionQuality.Nab.NabScorer.Best(corpus, Run(m))}");
    return;
}
int week = 10080;
var s = new Sensitivity(OpenAt: args.Length > 0 ? double.Parse(args[0]) : 5.5, SingleMinute: args.Length > 1 ? double.Parse(args[1]) : 1.4); double bound = s.OpenAt + 2;
var results = TrafficShape.All.AsParallel().WithDegreeOfParallelism(2).SelectMany((shape, i) => Enumerable.Range(0, 2).Select(j => (j, r: KeyRun.Of(shape, s, 3 * week, 4 * week, j == 0, i + 1)))).ToList();
var o = results.SelectMany(r => r.r.Outcomes).ToList();
foreach (var g in o.GroupBy(x => (x.Fault.Size, x.Fault.Minutes)).OrderBy(g => g.Key))
{
    var d = g.Where(x => x.Detectability >= bound).ToList();
    Console.WriteLine($"{g.Key}: all {g.Count(x => x.DelayMinutes != null)}/{g.Count()} detectable {d.Count(x => x.DelayMinutes != null)}/{d.Count} delay {d.Where(x => x.DelayMinutes != null).Select(x => (double)x.DelayMinutes!).DefaultIfEmpty().Average():F1} alarms {d.Sum(x => x.Alarms)}");
}
foreach (var g in o.Where(x => x.Fault is { Size: 2, Minutes: 10 } && x.Detectability >= bound).GroupBy(x => x.Fault.Kind))
    Console.WriteLine($"  {g.Key}: {g.Count(x => x.DelayMinutes != null)}/{g.Count()}   missed: {string.Join("; ", g.Where(x => x.DelayMinutes == null).Select(x => $"{x.Shape.Name} {x.Detectability:F1}"))}");
Console.WriteLine($"false with faults {results.Where(r => r.j == 0).Sum(r => r.r.FalseAlarms.Count)} in {results.Where(r => r.j == 0).Sum(r => r.r.Weeks):F1}; quiet {results.Where(r => r.j == 1).Sum(r => r.r.FalseAlarms.Count)} in {results.Where(r => r.j == 1).Sum(r => r.r.Weeks):F1}");
foreach (var g in results.SelectMany(r => r.r.FalseAlarms).GroupBy(f => (f.Metric, f.Shape.Name)).OrderByDescending(g => g.Count()).Take(20))
    Console.WriteLine($"  {g.Key}: {g.Count()} e.g. z={g.First().Verdict.Score:F1} w={g.First().Verdict.Minutes} obs={g.First().Verdict.Comparison.Observed:G3} exp={g.First().Verdict.Comparison.Expected:G3}");
foreach (var f in results.SelectMany(r => r.r.FalseAlarms))
    Console.WriteLine($"  {f.Shape.Name} {f.Metric} {DateTimeOffset.FromUnixTimeSeconds(f.Minute * 60):ddd yyyy-MM-dd HH:mm} w={f.Verdict.Minutes} z={f.Verdict.Score:F1} thr={f.Verdict.Threshold:F1} scale={f.Verdict.Scale:F2} obs={f.Verdict.Comparison.Observed:G3} exp={f.Verdict.Comparison.Expected:G3}");
