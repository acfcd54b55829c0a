using System.Globalization;

namespace Telemetry.Benchmarks;

/// <summary>
/// The stages as a table of CPU time a span. Every round runs all of them one after the other, so that a slow moment of the machine meets all alike, and the
/// least of all rounds is what counts.
/// </summary>
internal static class StageTable
{
    private const int SpansMeasured = 25_000;
    private const double NanosecondsPerMicrosecond = 1000;

    /// <summary>Measures batches of so many spans, and prints.</summary>
    public static void Run(int rounds, int spansInBatch)
    {
        int batches = SpansMeasured / spansInBatch;
        int spans = batches * spansInBatch;
        var stages = new ProcessorStages(spansInBatch / SpanRecords.SpansInRecord);
        stages.Setup();
        (string Name, Func<int> Work)[] lines =
        [
            ("decode", stages.Decode), ("+ normalize", stages.AndNormalize), ("+ attribute", stages.AndAttribute), ("+ count tokens, time", stages.AndCountTime),
            ("+ price", stages.AndPrice), ("+ screen", stages.AndScreen), ("+ rows", stages.AndRows), ("+ Native block", stages.AndNativeBlock),
        ];
        long[] least = [.. lines.Select(_ => long.MaxValue)];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < lines.Length; i++)
            {
                least[i] = Math.Min(least[i], Measure(lines[i].Work, batches));
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| batches of {spansInBatch:N0}, up to | us of CPU a span | the stage itself |"));
        Console.WriteLine("|---|---|---|");
        for (int i = 0; i < lines.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {lines[i].Name} | {PerSpan(least[i], spans):0.00} | {PerSpan(least[i] - (i == 0 ? 0 : least[i - 1]), spans):0.00} |"));
        }
    }

    /// <summary>Measures what screening costs a call with messages, and prints it.</summary>
    public static void RunScreen(int rounds)
    {
        Console.WriteLine("| bytes of messages | us of CPU a call | of that, bringing them into one shape |");
        Console.WriteLine("|---|---|---|");
        foreach (int bytes in (int[])[0, 2_000, 50_000, 1_000_000])
        {
            var cost = new ScreenCost { Bytes = bytes };
            cost.Setup();
            int calls = Math.Max(1, 2_000_000 / (bytes + 500));
            (long all, long reading) = (long.MaxValue, long.MaxValue);
            for (int round = 0; round < rounds; round++)
            {
                all = Math.Min(all, Measure(cost.Stage, calls));
                reading = Math.Min(reading, Measure(() => cost.Read() ? 1 : 0, calls));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {bytes:N0} | {all / NanosecondsPerMicrosecond / calls:0.0} | {reading / NanosecondsPerMicrosecond / calls:0.0} |"));
        }
    }

    private static long Measure(Func<int> work, int times)
    {
        long before = ThreadClock.Nanoseconds();
        for (int i = 0; i < times; i++)
        {
            work();
        }

        return ThreadClock.Nanoseconds() - before;
    }

    private static double PerSpan(long nanoseconds, int spans) => nanoseconds / NanosecondsPerMicrosecond / spans;
}
