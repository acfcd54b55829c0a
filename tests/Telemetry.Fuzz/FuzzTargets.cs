using Telemetry.Fuzz.Targets;

namespace Telemetry.Fuzz;

/// <summary>A target on the list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Make">Makes it; each thread needs its own.</param>
/// <param name="Share">Its part of the inputs of a run over all targets, in thousandths: cheap targets get more.</param>
/// <param name="IsAlone">There can be only one of it in a process.</param>
internal sealed record FuzzTargetEntry(string Name, Func<IFuzzTarget> Make, double Share, bool IsAlone = false);

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<FuzzTargetEntry> All { get; } =
    [
        new(OtlpTarget.TargetName, () => new OtlpTarget(), 160),
        new(OtlpJsonTarget.TargetName, () => new OtlpJsonTarget(), 215),
        new(RedactTarget.TargetName, () => new RedactTarget(), 40),
        new(ReceiveTarget.TargetName, () => new ReceiveTarget(), 55),
        new(StagesTarget.TargetName, () => new StagesTarget(), 10),
        new(MessagesTarget.TargetName, () => new MessagesTarget(), 12),
        new(NativeTarget.TargetName, () => new NativeTarget(), 290),
        new(FramesTarget.TargetName, () => new FramesTarget(), 100),
        new(FrontTarget.TargetName, () => new FrontTarget(), 156),
        new(CollectorSocketTarget.TargetName, () => new CollectorSocketTarget(), 1.5),
        new(EngineTarget.TargetName, () => new EngineTarget(), 0.5, IsAlone: true),
    ];

    /// <summary>Names of the targets.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(t => t.Name)];

    /// <summary>The entry of a name.</summary>
    public static FuzzTargetEntry Find(string name) => All.Single(t => t.Name == name);

    /// <summary>How many of a run's inputs each of the chosen targets gets, at least one.</summary>
    public static IEnumerable<(FuzzTargetEntry Target, long Inputs)> Divide(IReadOnlyList<string> names, long inputs)
    {
        FuzzTargetEntry[] chosen = [.. All.Where(t => names.Contains(t.Name))];
        double shares = chosen.Sum(t => t.Share);
        return chosen.Select(t => (t, Math.Max(1, (long)Math.Ceiling(inputs * t.Share / shares))));
    }
}
