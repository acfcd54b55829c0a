namespace Telemetry.DetectionQuality.Nab;

/// <summary>
/// The benchmark's standard profile. Source: Lavin and Ahmad, Evaluating Real-time Anomaly Detection Algorithms (2015), and the scoring program of the benchmark:
/// positions in a window count from -1 at its first row, those behind it up to 3; a file's first 15 %, at most 750 rows, are not scored.
/// </summary>
internal static class NabScorer
{
    private const double TruePositive = 1;
    private const double FalsePositive = 0.11;
    private const double FalseNegative = 1;
    private const double Probation = 0.15;
    private const double LongestProbation = 0.15 * 5000;
    private const double FarBehind = 3;

    /// <summary>Rows at the beginning that are not scored.</summary>
    public static int ProbationOf(int rows) => (int)Math.Ceiling(Math.Min(Math.Floor(Probation * rows), LongestProbation));

    /// <summary>Twice the sigmoid less one: 0.987 at -1, 0 at 0, towards -1 behind.</summary>
    public static double ScaledSigmoid(double position) => position >= FarBehind ? -1 : (2 / (1 + Math.Exp(5 * position))) - 1;

    /// <summary>What a detection at each row is worth, and the number of its window; -1 outside of windows, -2 on probation.</summary>
    public static (double[] Worth, int[] Window) Weigh(NabSeries series)
    {
        int rows = series.Values.Length;
        double[] worth = new double[rows];
        int[] window = new int[rows];
        int probation = ProbationOf(rows);
        int next = 0;
        (int First, int Last)? before = null;
        for (int row = 0; row < rows; row++)
        {
            while (next < series.Windows.Count && row > series.Windows[next].Last)
            {
                before = series.Windows[next++];
            }

            bool isInside = next < series.Windows.Count && row >= series.Windows[next].First;
            window[row] = row < probation ? -2 : isInside ? next : -1;
            worth[row] = isInside ? Inside(series.Windows[next], row) : Outside(before, row);
        }

        return (worth, window);
    }

    /// <summary>The score of a corpus at every threshold, and the best: 0 for a detector that reports nothing, 100 for a perfect one.</summary>
    /// <param name="corpus">The series.</param>
    /// <param name="scores">The detector's score of each row of each series.</param>
    public static NabScore Best(IReadOnlyList<NabSeries> corpus, IReadOnlyList<double[]> scores)
    {
        var points = new List<(double Score, double Worth, int Window)>();
        int windows = 0;
        for (int i = 0; i < corpus.Count; i++)
        {
            (double[] worth, int[] window) = Weigh(corpus[i]);
            var numbers = new Dictionary<int, int>();
            for (int row = 0; row < worth.Length; row++)
            {
                if (window[row] == -2)
                {
                    continue;
                }

                int number = -1;
                if (window[row] >= 0 && !numbers.TryGetValue(window[row], out number))
                {
                    numbers[window[row]] = number = windows++;
                }

                points.Add((scores[i][row], worth[row], number));
            }
        }

        return Sweep(points, windows);
    }

    // From the highest score down: each row that a lower threshold adds is a detection.
    private static NabScore Sweep(List<(double Score, double Worth, int Window)> points, int windows)
    {
        points.Sort((a, b) => b.Score.CompareTo(a.Score));
        double[] best = new double[windows];
        Array.Fill(best, -FalseNegative);
        double sum = -FalseNegative * windows;
        double nothing = sum;
        NabScore highest = new(windows == 0 ? 100 : 0, double.PositiveInfinity, 0, windows, 0);
        int found = 0;
        int falsePositives = 0;
        for (int i = 0; i < points.Count; i++)
        {
            (double score, double worth, int window) = points[i];
            if (window < 0)
            {
                falsePositives++;
                sum += worth;
            }
            else if (worth > best[window])
            {
                found += best[window] == -FalseNegative ? 1 : 0;
                sum += worth - best[window];
                best[window] = worth;
            }

            bool isLast = i + 1 == points.Count || points[i + 1].Score != score;
            double scaled = windows == 0 ? 100 + sum : 100 * (sum - nothing) / ((TruePositive * windows) - nothing);
            if (isLast && scaled > highest.Score)
            {
                highest = new NabScore(scaled, score, found, windows, falsePositives);
            }
        }

        return highest;
    }

    private static double Inside((int First, int Last) window, int row)
    {
        double width = window.Last - window.First + 1;
        return TruePositive * ScaledSigmoid(-(window.Last - row + 1) / width) / ScaledSigmoid(-1);
    }

    private static double Outside((int First, int Last)? before, int row) =>
        FalsePositive * ScaledSigmoid(before is { } window ? (row - window.Last) / Math.Max(1.0, window.Last - window.First) : FarBehind);
}
