namespace Telemetry.Console.Api;

/// <summary>A parameter of a route, as it is read and as it is described.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it says.</param>
/// <param name="Example">A value.</param>
internal sealed record ApiParameter(string Name, string Description, string? Example = null)
{
    /// <summary>string, integer, number.</summary>
    public string Type { get; init; } = "string";

    /// <summary>The only values that it takes; empty for any.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Whether it may be given several times.</summary>
    public bool Repeats { get; init; }

    /// <summary>Whether it stands in the path.</summary>
    public bool InPath { get; init; }

    /// <summary>What it is when it is not given.</summary>
    public string? Default { get; init; }
}
