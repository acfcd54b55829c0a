namespace Telemetry.Quality.Compare;

/// <summary>What is to be compared with what.</summary>
public sealed record ComparisonQuestion
{
    /// <summary>Name of the prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>The version that is there.</summary>
    public required string Baseline { get; init; }

    /// <summary>The version that may take its place.</summary>
    public required string Candidate { get; init; }

    /// <summary>Only calls of this service; all when empty.</summary>
    public string Service { get; init; } = "";

    /// <summary>Only judgements of this name; all when empty.</summary>
    public string Rubric { get; init; } = "";

    /// <summary>First instant.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Takes calls of all hours, not only of those in which both versions were called. What differs between the hours then passes for a difference of the versions.</summary>
    public bool AllHours { get; init; }

    /// <summary>What the candidate is to be better in.</summary>
    public ComparedMetric Goal { get; init; } = ComparedMetric.Quality;

    /// <summary>Chance that the interval of the goal ever misses the truth.</summary>
    public double Alpha { get; init; } = Comparison.DefaultAlpha;
}
