using System.Globalization;

namespace Telemetry.SamplingQuality;

/// <summary>Shows that the estimate of quality is unbiased whatever is over-sampled, and how often its interval holds the truth. Prints the tables of docs/quality.md.</summary>
internal static class Program
{
    private const int Seed = 20261121;

    private static int Main(string[] args)
    {
        int days = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 4000;
        Console.WriteLine($"{days} days each, seed {Seed}");
        Console.WriteLine();
        Console.WriteLine("| scenario | judged a day | bias, unweighted | bias, weighted (± its error) | " + string.Join(" | ", Intervals.All.Select(i => i.Name)) + " | width of shrunk, t |");
        Console.WriteLine("|---|---|---|---|" + string.Concat(Intervals.All.Select(_ => "---|")) + "---|");
        foreach (Scenario scenario in Scenario.All)
        {
            Console.WriteLine(Row(scenario, days));
        }

        return 0;
    }

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
