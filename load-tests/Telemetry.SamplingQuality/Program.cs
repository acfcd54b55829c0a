using System.Globalization;

namespace Telemetry.SamplingQuality;

/// <summary>Shows that the estimate of quality is unbiased whatever is over-sampled, and how often its interval holds the truth. Prints the tables of docs/quality.md.</summary>
internal static class Program
{
    private const int Seed = 20261121;

    private static readonly double[] s_usual = [1, 2, 7, 40, 50];
    private static readonly double[] s_bad = [50, 30, 15, 4, 1];
    private static readonly double[] s_split = [30, 0, 0, 0, 70];
    private static readonly double[] s_nearlyAll = [2, 0, 0, 0, 98];

    private static int Main(string[] args)
    {
        int days = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 4000;
        Console.WriteLine($"{days} days each, seed {Seed}");
        Console.WriteLine();
        Console.WriteLine("| scenario | judged a day | bias, unweighted | bias, weighted (± its error) | " + string.Join(" | ", Intervals.All.Select(i => i.Name)) + " | width of shrunk, t |");
        Console.WriteLine("|---|---|---|---|" + string.Concat(Intervals.All.Select(_ => "---|")) + "---|");
        foreach (Scenario scenario in Scenarios())
        {
            Console.WriteLine(Row(scenario, days));
        }

        return 0;
    }

    internal static IEnumerable<Scenario> Scenarios() =>
    [
        new("default only, 10 %", 1000, 0, 0.1, 0, double.MaxValue, 1, 1, s_usual, s_bad),
        new("5 % errors, all judged", 1000, 0.05, 0.1, 0, double.MaxValue, 1, 1, s_usual, s_bad),
        new("30 % errors, all judged", 1000, 0.3, 0.1, 0, double.MaxValue, 1, 1, s_usual, s_bad),
        new("the same, messages of half kept", 1000, 0.3, 0.1, 0, double.MaxValue, 0.5, 1, s_usual, s_bad),
        new("the same, budget of 60", 1000, 0.3, 0.1, 0, 60, 0.5, 1, s_usual, s_bad),
        new("traces of 4 calls", 1000, 0.05, 0.1, 0, double.MaxValue, 1, 4, s_usual, s_bad),
        new("good or bad, 70 %", 1000, 0.05, 0.1, 0, double.MaxValue, 1, 1, s_split, s_bad),
        new("98 % perfect", 1000, 0.02, 0.1, 0, double.MaxValue, 1, 1, s_nearlyAll, s_bad),
        new("rare: 20 judged of 200", 200, 0.05, 0.01, 20, double.MaxValue, 1, 1, s_usual, s_bad),
        new("rare: 20 judged of 200, good or bad", 200, 0.05, 0.01, 20, double.MaxValue, 1, 1, s_split, s_bad),
        new("10 judged of 100", 100, 0.05, 0.1, 0, double.MaxValue, 1, 1, s_usual, s_bad),
        new("10 judged of 100, good or bad", 100, 0.05, 0.1, 0, double.MaxValue, 1, 1, s_split, s_bad),
        new("5 judged of 50", 50, 0.05, 0.1, 0, double.MaxValue, 1, 1, s_usual, s_bad),
        new("5 judged of 50, good or bad", 50, 0.05, 0.1, 0, double.MaxValue, 1, 1, s_split, s_bad),
        new("large: 100000 calls, 1 %", 100_000, 0.02, 0.01, 0, double.MaxValue, 0.5, 2, s_usual, s_bad),
    ];

    private static string Row(Scenario scenario, int days)
    {
        var random = new Random(Seed);
        int counted = scenario.Calls >= 100_000 ? days / 10 : days;
        var estimates = new List<double>();
        (double judged, double plain, double width) = (0, 0, 0);
        int[] held = new int[Intervals.All.Count];
        int seen = 0;
        double truth = scenario.TrueMean;
        for (int i = 0; i < counted; i++)
        {
            Drawn day = scenario.Draw(random);
            judged += day.Judged;
            if (day.Judged == 0)
            {
                continue;
            }

            seen++;
            plain += day.Plain - truth;
            estimates.Add(day.Sums.Mean - truth);
            for (int k = 0; k < held.Length; k++)
            {
                (double low, double high) = Intervals.All[k].Of(day.Sums);
                held[k] += low <= truth && truth <= high ? 1 : 0;
                width += k == held.Length - 1 ? high - low : 0;
            }
        }

        double bias = estimates.Average();
        double error = Math.Sqrt(estimates.Sum(e => (e - bias) * (e - bias)) / (seen - 1.0) / seen);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {scenario.Name} | {judged / counted:0} | {plain / seen:+0.0000;-0.0000} | {bias:+0.0000;-0.0000} ± {error:0.0000} | {string.Join(" | ", held.Select(h => string.Create(CultureInfo.InvariantCulture, $"{100.0 * h / seen:0.0} %")))} | {width / seen:0.000} |");
    }
}
