namespace Telemetry.Fuzz;

/// <summary>How much is run, and what is too much of one input.</summary>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Inputs">Inputs.</param>
internal sealed record FuzzPlan(ulong Seed, long Inputs)
{
    /// <summary>Number of the first input.</summary>
    public long First { get; init; }

    /// <summary>Ends earlier when this time has passed.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Threads, each with a target of its own.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>An input that takes longer hangs.</summary>
    public TimeSpan LongestInput { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>An input that takes longer twice in a row is too slow.</summary>
    public TimeSpan SlowInput { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Most memory of the process.</summary>
    public long MostBytes { get; init; } = 3L << 30;

    /// <summary>Where inputs with a finding are written; null for nowhere.</summary>
    public string? Directory { get; init; }

    /// <summary>Ends after that many different findings.</summary>
    public int MostFindings { get; init; } = 10;
}

/// <summary>An input that showed a fault.</summary>
/// <param name="Reason">What happened.</param>
/// <param name="Index">Its number in the run.</param>
/// <param name="Input">Its bytes.</param>
/// <param name="Path">Its file; null when none was asked for.</param>
internal sealed record FuzzFinding(string Reason, long Index, byte[] Input, string? Path);

/// <summary>What a run came to.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Inputs">Inputs read.</param>
/// <param name="Elapsed">Time taken.</param>
/// <param name="Findings">Different findings, the first input of each.</param>
/// <param name="PeakBytes">Most memory of the process while it ran.</param>
/// <param name="Slowest">Longest time of one input.</param>
internal sealed record FuzzTotals(string Target, long Inputs, TimeSpan Elapsed, IReadOnlyList<FuzzFinding> Findings, long PeakBytes, TimeSpan Slowest)
{
    /// <summary>Inputs a second.</summary>
    public double PerSecond => Inputs / Math.Max(1e-9, Elapsed.TotalSeconds);
}
