using Telemetry.Fuzz.Targets;

namespace Telemetry.Fuzz;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    private static readonly (string Name, Func<IFuzzTarget> Make)[] All =
    [
        (OtlpTarget.TargetName, () => new OtlpTarget()),
        (OtlpJsonTarget.TargetName, () => new OtlpJsonTarget()),
        (ReceiveTarget.TargetName, () => new ReceiveTarget()),
        (StagesTarget.TargetName, () => new StagesTarget()),
        (MessagesTarget.TargetName, () => new MessagesTarget()),
        (NativeTarget.TargetName, () => new NativeTarget()),
        (FrontTarget.TargetName, () => new FrontTarget()),
        (FramesTarget.TargetName, () => new FramesTarget()),
    ];

    /// <summary>Names of the targets.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(t => t.Name)];

    /// <summary>Makes a target; each run needs its own.</summary>
    public static IFuzzTarget Make(string name) => All.Single(t => t.Name == name).Make();
}
