namespace Telemetry.Judge.Sample;

/// <summary>Which calls are sampled how often, and what they are judged by. The first rule that fits a call decides.</summary>
internal sealed record SamplingRule
{
    /// <summary>Unique name.</summary>
    public required string Name { get; init; }

    /// <summary>File, line and column.</summary>
    public required string Place { get; init; }

    /// <summary>Probability with which a call is sampled.</summary>
    public required double Share { get; init; }

    /// <summary>How many calls of each stratum to sample a day at least, where there are so many; 0 for no floor.</summary>
    public required double FloorPerDay { get; init; }

    /// <summary>Names of rubrics that ask for a score.</summary>
    public required IReadOnlyList<string> Rubrics { get; init; }

    /// <summary>ok or error; null for both.</summary>
    public string? Status { get; init; }

    /// <summary>Whether screening must have found something other than personal data.</summary>
    public bool IsFlagged { get; init; }

    /// <summary>Flags of which one must be there; empty for no condition.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>The call must be of a prompt version that was first seen within this time; null for no condition.</summary>
    public TimeSpan? VersionYoungerThan { get; init; }

    /// <summary>Columns of <c>llm_calls</c> and the values that they may have.</summary>
    public IReadOnlyList<(string Column, IReadOnlyList<string> Values)> Filters { get; init; } = [];
}
