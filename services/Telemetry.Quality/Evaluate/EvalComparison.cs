using MathNet.Numerics.Distributions;

namespace Telemetry.Quality.Evaluate;

/// <summary>A run against its baseline, case by case.</summary>
public sealed record EvalComparison
{
    private const int Permutations = 20_000;
    private const int Seed = 20_261_121;

    /// <summary>Cases that both runs have a result for.</summary>
    public required int Cases { get; init; }

    /// <summary>Cases that passed in the baseline and fail now. A case passes when at least half of its repeats do.</summary>
    public required IReadOnlyList<string> Broken { get; init; }

    /// <summary>Cases that failed in the baseline and pass now.</summary>
    public required IReadOnlyList<string> Fixed { get; init; }

    /// <summary>Cases marked must_pass that fail now.</summary>
    public required IReadOnlyList<string> MustPassFailed { get; init; }

    /// <summary>Chance of as many broken among those that changed, if none were worse: McNemar's exact test, one-sided.</summary>
    public required double PassProbability { get; init; }

    /// <summary>Mean change of the judge's score of a case; null without scores in both.</summary>
    public required double? ScoreChange { get; init; }

    /// <summary>Chance of such a change or a worse one, if signs were given by chance: paired permutation test, one-sided; null without scores.</summary>
    public required double? ScoreProbability { get; init; }

    /// <summary>Whether the run is worse, at that level or by a case that must pass.</summary>
    public required bool IsRegression { get; init; }

    /// <summary>Compares.</summary>
    /// <param name="baseline">The run before.</param>
    /// <param name="run">The run now.</param>
    /// <param name="alpha">Chance of calling a run worse that is not; shared by the two tests.</param>
    /// <param name="isStrict">Any broken case is a regression.</param>
    public static EvalComparison Of(EvalRun baseline, EvalRun run, double alpha, bool isStrict)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(run);
        Dictionary<string, Case> before = CasesOf(baseline);
        Dictionary<string, Case> now = CasesOf(run);
        List<string> both = [.. now.Keys.Where(before.ContainsKey).Order(StringComparer.Ordinal)];
        List<string> broken = [.. both.Where(id => before[id].Passed && !now[id].Passed)];
        List<string> repaired = [.. both.Where(id => !before[id].Passed && now[id].Passed)];
        List<string> must = [.. now.Where(c => c.Value is { MustPass: true, Passed: false }).Select(c => c.Key).Order(StringComparer.Ordinal)];
        double[] changes = [.. both.Where(id => before[id].Score is not null && now[id].Score is not null).Select(id => now[id].Score!.Value - before[id].Score!.Value)];
        double passed = McNemar(broken.Count, repaired.Count);
        double? scored = changes.Length > 0 ? PermutationTest(changes) : null;
        double level = scored is null ? alpha : alpha / 2;
        return new EvalComparison
        {
            Cases = both.Count,
            Broken = broken,
            Fixed = repaired,
            MustPassFailed = must,
            PassProbability = passed,
            ScoreChange = changes.Length > 0 ? changes.Average() : null,
            ScoreProbability = scored,
            IsRegression = must.Count > 0 || (isStrict && broken.Count > 0) || passed <= level || scored <= level,
        };
    }

    /// <summary>McNemar's exact test, one-sided: the chance of at least so many broken among all that changed, when both are as likely.</summary>
    public static double McNemar(int broken, int repaired) => broken == 0 ? 1 : 1 - Binomial.CDF(0.5, broken + repaired, broken - 1);

    /// <summary>Chance that the mean is as low or lower when every change might as well have had the other sign. Exact for few cases, else from permutations that are always the same.</summary>
    public static double PermutationTest(IReadOnlyList<double> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        const int MostExact = 14;
        const double Rounding = 1e-12;
        double observed = changes.Sum() + Rounding;
        if (changes.Count <= MostExact)
        {
            int all = 1 << changes.Count;
            return Enumerable.Range(0, all).Count(signs => changes.Select((c, i) => (signs >> i & 1) == 0 ? c : -c).Sum() <= observed) / (double)all;
        }

        var random = new Random(Seed);
        int asLow = 1;
        for (int i = 0; i < Permutations; i++)
        {
            double sum = 0;
            foreach (double change in changes)
            {
                sum += random.Next(2) == 0 ? change : -change;
            }

            asLow += sum <= observed ? 1 : 0;
        }

        return asLow / (Permutations + 1.0);
    }

    // What says nothing is left out, so that a broken endpoint is no regression of the answers.
    private static Dictionary<string, Case> CasesOf(EvalRun run) => run.Results.Where(r => r.Error.Length == 0).GroupBy(r => r.CaseId).ToDictionary(
        g => g.Key,
        g => new Case(
            g.Average(r => r.Passed ? 1.0 : 0.0) >= 0.5, g.First().MustPass, g.SelectMany(r => r.Scores.Values).ToList() is { Count: > 0 } scores ? scores.Average() : null));

    private sealed record Case(bool Passed, bool MustPass, double? Score);
}
