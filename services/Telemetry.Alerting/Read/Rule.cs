using Telemetry.Alerting.Evaluate;

namespace Telemetry.Alerting.Read;

/// <summary>One rule: what it looks at, when that is an incident, and who hears about it.</summary>
internal sealed record Rule
{
    /// <summary>Unique name; part of the key of its incidents.</summary>
    public required string Name { get; init; }

    /// <summary>What it means, in one sentence.</summary>
    public string Summary { get; init; } = "";

    /// <summary>What it looks at.</summary>
    public required Condition Condition { get; init; }

    /// <summary>How long the condition must hold before it fires.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long it must be over before the incident is resolved.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>Dimensions; each combination of their values is an incident of its own.</summary>
    public IReadOnlyList<Dimension> GroupBy { get; init; } = [];

    /// <summary>Which rows count.</summary>
    public IReadOnlyList<Filter> Filters { get; init; } = [];

    /// <summary>info, warning, critical.</summary>
    public string Severity { get; init; } = Severities.Warning;

    /// <summary>Link to what to do; empty for none.</summary>
    public string Runbook { get; init; } = "";

    /// <summary>Channels; empty for those that are marked as default.</summary>
    public IReadOnlyList<string> Notify { get; init; } = [];

    /// <summary>Who else hears of it when nobody acknowledges.</summary>
    public IReadOnlyList<Escalation> Escalations { get; init; } = [];

    /// <summary>Remind of an unacknowledged incident that often; null for never.</summary>
    public TimeSpan? RepeatEvery { get; init; }

    /// <summary>What no data means.</summary>
    public MissingData Missing { get; init; } = MissingData.Ok;

    /// <summary>Most groups; of more, those with the most extreme values count.</summary>
    public int MaxGroups { get; init; } = 100;

    /// <summary>Where it stands: file, line and column.</summary>
    public string Place { get; init; } = "";
}

/// <summary>Another channel after a while.</summary>
/// <param name="After">Time since it fired without being acknowledged.</param>
/// <param name="Channels">Who hears of it then.</param>
internal sealed record Escalation(TimeSpan After, IReadOnlyList<string> Channels);

/// <summary>What it means when there is nothing to measure, or too little.</summary>
internal enum MissingData
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>The condition holds.</summary>
    Firing,

    /// <summary>As before.</summary>
    Keep,
}

/// <summary>Severities, from the least.</summary>
internal static class Severities
{
    public const string Info = "info";
    public const string Warning = "warning";
    public const string Critical = "critical";

    public static IReadOnlyList<string> All { get; } = [Info, Warning, Critical];
}

/// <summary>A restriction of one dimension.</summary>
/// <param name="Dimension">The dimension.</param>
/// <param name="Values">The values.</param>
/// <param name="Excluded">Whether it is any other than these.</param>
internal sealed record Filter(Dimension Dimension, IReadOnlyList<string> Values, bool Excluded);
