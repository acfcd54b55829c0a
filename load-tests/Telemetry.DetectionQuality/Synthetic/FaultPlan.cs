namespace Telemetry.DetectionQuality.Synthetic;

/// <summary>When what goes wrong: every kind and size in turn, at random times, with quiet hours between.</summary>
internal static class FaultPlan
{
    private const int LongestGap = 9 * 60;
    private const int ShortestGap = 4 * 60;

    /// <summary>The sizes and lengths that are measured; 2 for 10 minutes is what the targets are about.</summary>
    public static IReadOnlyList<(double Size, int Minutes)> Sizes { get; } = [(2, 10), (1.5, 10), (4, 10), (2, 10), (2, 30), (4, 3)];

    /// <summary>Faults between two minutes.</summary>
    public static IReadOnlyList<Fault> Of(long start, long end, int seed)
    {
        var draws = new Draws(seed);
        FaultKind[] kinds = Enum.GetValues<FaultKind>();
        var faults = new List<Fault>();
        int turn = (int)(draws.Uniform() * kinds.Length * Sizes.Count);
        for (long at = start + ShortestGap; ; turn++)
        {
            at += (long)(draws.Uniform() * (LongestGap - ShortestGap));
            (double size, int minutes) = Sizes[turn / kinds.Length % Sizes.Count];
            var fault = new Fault(kinds[turn % kinds.Length], size, at, minutes);
            if (fault.End + ShortestGap > end)
            {
                return faults;
            }

            faults.Add(fault);
            at = fault.End + ShortestGap;
        }
    }
}
