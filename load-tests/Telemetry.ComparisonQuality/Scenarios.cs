namespace Telemetry.ComparisonQuality;

/// <summary>The scenarios that are measured.</summary>
internal static class Scenarios
{
    private static readonly Version Same = new();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("no difference", Same, Same, 50, ShouldShip: false),
        new("no difference, more traffic", Same, Same, 200, ShouldShip: false),
        new("no difference, cost is the goal", Same, Same, 50, ShouldShip: false, "cost"),
        new("no difference, errors are the goal", Same, Same, 50, ShouldShip: false, "errors"),
        new("quality 0.02 lower", Same, new() { Quality = 0.68 }, 50, ShouldShip: false),
        new("quality 0.05 higher, cost 30 % higher", Same, new() { Quality = 0.75, Cost = 1.3 }, 50, ShouldShip: false),
        new("quality 0.05 higher, errors 2 points more", Same, new() { Quality = 0.75, Errors = 0.04 }, 50, ShouldShip: false),
        new("quality 0.05 higher", Same, new() { Quality = 0.75 }, 50, ShouldShip: true),
        new("quality 0.05 higher, more traffic", Same, new() { Quality = 0.75 }, 200, ShouldShip: true),
        new("quality 0.1 higher", Same, new() { Quality = 0.8 }, 50, ShouldShip: true),
        new("cost 20 % lower, cost is the goal", Same, new() { Cost = 0.8 }, 50, ShouldShip: true, "cost"),
    ];
}
