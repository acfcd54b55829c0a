namespace Telemetry.ComparisonQuality;

/// <summary>What one version of a prompt is like.</summary>
internal sealed record Version
{
    /// <summary>Mean judged score, 0 to 1, in five levels.</summary>
    public double Quality { get; init; } = 0.7;

    /// <summary>Share of calls that fail.</summary>
    public double Errors { get; init; } = 0.02;

    /// <summary>Share of answers that screening flags.</summary>
    public double Flags { get; init; } = 0.03;

    /// <summary>Factor on cost.</summary>
    public double Cost { get; init; } = 1;

    /// <summary>Factor on duration.</summary>
    public double Latency { get; init; } = 1;
}

/// <summary>A comparison to be run many times.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Baseline">The version that is there.</param>
/// <param name="Candidate">The new version.</param>
/// <param name="CallsPerHour">Calls an hour of each version.</param>
/// <param name="ShouldShip">Whether shipping is right.</param>
/// <param name="Goal">Name of the goal.</param>
internal sealed record Scenario(string Name, Version Baseline, Version Candidate, int CallsPerHour, bool ShouldShip, string Goal = "quality");
