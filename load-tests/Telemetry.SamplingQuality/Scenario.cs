using Telemetry.Judge.Sample;

namespace Telemetry.SamplingQuality;

/// <summary>Answers of a day and how they are sampled.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Calls">Calls on average.</param>
/// <param name="ErrorShare">Share of calls that end in an error.</param>
/// <param name="Share">Share that the default rule asks for.</param>
/// <param name="Floor">Calls that the default rule asks for at least.</param>
/// <param name="Allowance">Judgements that the budget allows.</param>
/// <param name="ContentShare">Share of traces whose messages are kept.</param>
/// <param name="CallsPerTrace">Calls of a trace on average.</param>
/// <param name="Good">Weights of the levels 0, 0.25, 0.5, 0.75 and 1 of ordinary answers.</param>
/// <param name="Bad">The same of answers that ended in an error.</param>
internal sealed record Scenario(
    string Name, int Calls, double ErrorShare, double Share, double Floor, double Allowance, double ContentShare, double CallsPerTrace, double[] Good, double[] Bad)
{
    private static readonly double[] s_levels = [0, 0.25, 0.5, 0.75, 1];
    private static readonly double[] s_usual = [1, 2, 7, 40, 50];
    private static readonly double[] s_bad = [50, 30, 15, 4, 1];
    private static readonly double[] s_split = [30, 0, 0, 0, 70];
    private static readonly double[] s_nearlyAll = [2, 0, 0, 0, 98];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
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

    /// <summary>Mean over all calls that there could be.</summary>
    public double TrueMean => (ErrorShare * MeanOf(Bad)) + ((1 - ErrorShare) * MeanOf(Good));

    /// <summary>Draws a day, plans it as the judge does, and samples it.</summary>
    public Drawn Draw(Random random)
    {
        var traces = new List<List<(double Score, bool IsError)>>();
        int calls = 0;
        while (calls < Calls)
        {
            // All calls of a trace share part of their luck.
            double luck = random.NextDouble();
            var trace = new List<(double, bool)>();
            do
            {
                bool isError = random.NextDouble() < ErrorShare;
                double u = CallsPerTrace > 1 && random.NextDouble() < 0.5 ? luck : random.NextDouble();
                trace.Add((Level(isError ? Bad : Good, u), isError));
                calls++;
            }
            while (random.NextDouble() > 1 / CallsPerTrace);

            traces.Add(trace);
        }

        return Sample(traces, calls, random);
    }

    private Drawn Sample(List<List<(double Score, bool IsError)>> traces, int calls, Random random)
    {
        int errors = traces.Sum(t => t.Count(c => c.IsError));
        var key = new StratumKey("", "", "", "", "");
        (IReadOnlyList<PlannedStratum> plan, _) = SamplingPlan.Of(
            [new Stratum(key, Rule("errors", 1, 0), errors, errors, 0), new Stratum(key, Rule("default", Share, Floor), calls - errors, (long)((calls - errors) * ContentShare), 0)], Allowance);
        (double ofErrors, double ofOthers) = (plan[0].Probability, plan[1].Probability);
        var sums = new QualitySums();
        (double plain, int judged, double total) = (0, 0, 0);
        foreach (List<(double Score, bool IsError)> trace in traces)
        {
            total += trace.Sum(c => c.Score);
            double position = random.NextDouble();
            bool isKept = random.NextDouble() < ContentShare;
            List<(double Score, double Probability)> sampled =
            [
                .. trace.Where(c => c.IsError ? position < ofErrors : isKept && position < ofOthers).Select(c => (c.Score, c.IsError ? ofErrors : ofOthers * ContentShare)),
            ];
            sums.Add(sampled);
            plain += sampled.Sum(s => s.Score);
            judged += sampled.Count;
        }

        return new Drawn(sums, judged == 0 ? double.NaN : plain / judged, judged, total / calls, calls);
    }

    private static SamplingRule Rule(string name, double share, double floor) => new() { Name = name, Place = "", Share = share, FloorPerDay = floor, Rubrics = ["relevance"] };

    private static double MeanOf(double[] weights) => weights.Zip(s_levels, (w, l) => w * l).Sum() / weights.Sum();

    private static double Level(double[] weights, double u)
    {
        double sum = weights.Sum();
        double reached = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            reached += weights[i] / sum;
            if (u < reached)
            {
                return s_levels[i];
            }
        }

        return s_levels[^1];
    }
}

/// <summary>One drawn day.</summary>
/// <param name="Sums">What the estimate is made of.</param>
/// <param name="Plain">Mean of the judged calls without weights.</param>
/// <param name="Judged">Calls that were judged.</param>
/// <param name="Mean">Mean of all calls of the day.</param>
/// <param name="Calls">Calls of the day.</param>
internal sealed record Drawn(QualitySums Sums, double Plain, int Judged, double Mean, int Calls);
