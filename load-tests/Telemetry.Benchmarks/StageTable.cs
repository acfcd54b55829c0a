using System.Globalization;

namespace Telemetry.Benchmarks;

/// <summary>
/// The stages as a table of CPU time a span. Every round runs all of them one after the other, so that a slow moment of the machine meets all alike, and the
/// least of all rounds is what counts.
/// </summary>
internal static class StageTable
{
    private const int SpansInBatch = 1000;
    private const int Batches = 25;
    private const double NanosecondsPerMicrosecond = 1000;

    /// <summary>Measures and prints.</summary>
    public static void Run(int rounds)
    {
        var stages = new ProcessorStages();
        stages.Setup();
        (string Name, Func<int> Work)[] lines =
        [
            ("decode", stages.Decode), ("+ normalize", stages.AndNormalize), ("+ attribute", stages.AndAttribute), ("+ count tokens, time", stages.AndCountTime),
            ("+ price", stages.AndPrice), ("+ rows", stages.AndRows), ("+ Native block", stages.AndNativeBlock),
        ];
        long[] least = [.. lines.Select(_ => long.MaxValue)];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < lines.Length; i++)
            {
                least[i] = Math.Min(least[i], Measure(lines[i].Work));
            }
        }

        Console.WriteLine("| up to | us of CPU a span | the stage itself |");
        Console.WriteLine("|---|---|---|");
        for (int i = 0; i < lines.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {lines[i].Name} | {PerSpan(least[i]):0.00} | {PerSpan(least[i] - (i == 0 ? 0 : least[i - 1])):0.00} |"));
        }
    }

    private static long Measure(Func<int> work)
    {
        long before = ThreadClock.Nanoseconds();
        for (int i = 0; i < Batches; i++)
        {
            work();
        }

        return ThreadClock.Nanoseconds() - before;
    }

    private static double PerSpan(long nanoseconds) => nanoseconds / NanosecondsPerMicrosecond / Batches / SpansInBatch;
}
