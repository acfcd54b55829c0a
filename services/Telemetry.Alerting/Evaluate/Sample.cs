namespace Telemetry.Alerting.Evaluate;

/// <summary>What one look says about one group.</summary>
internal enum Verdict
{
    /// <summary>All is well.</summary>
    Clear,

    /// <summary>Not well, but only beyond what resolves an incident: an open one stays, none begins.</summary>
    Holding,

    /// <summary>Beyond the threshold.</summary>
    Breached,

    /// <summary>Nothing can be said: everything stays as it is.</summary>
    Unknown,
}

/// <summary>One group of a rule at one look.</summary>
/// <param name="Labels">The group.</param>
/// <param name="Verdict">What is said about it.</param>
/// <param name="Value">What was measured; null when nothing was.</param>
/// <param name="Text">The same in words.</param>
internal sealed record Sample(Labels Labels, Verdict Verdict, double? Value, string Text)
{
    /// <summary>Severity instead of the rule's; null for the rule's.</summary>
    public string? Severity { get; init; }

    /// <summary>Start of the window.</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>End of the window.</summary>
    public DateTimeOffset To { get; init; }

    /// <summary>Calls that show it, when they are known already.</summary>
    public IReadOnlyList<string> TraceIds { get; init; } = [];
}

/// <summary>One look at one rule.</summary>
/// <param name="Samples">Groups that there is something to say about.</param>
/// <param name="Absent">What is said about all others.</param>
internal sealed record Evaluation(IReadOnlyList<Sample> Samples, Verdict Absent)
{
    /// <summary>Nothing can be said.</summary>
    public static Evaluation Nothing { get; } = new([], Verdict.Unknown);
}

/// <summary>When a rule is looked at.</summary>
/// <param name="Now">The time.</param>
/// <param name="Watermark">Everything that came in before is in the tables; null when nobody says.</param>
/// <param name="IsLive">Whether it is the present; otherwise history is asked.</param>
internal sealed record Moment(DateTimeOffset Now, DateTimeOffset? Watermark, bool IsLive)
{
    // Without a watermark: how long a call takes to be in the tables at most, when all is well.
    private static readonly TimeSpan UsualDelay = TimeSpan.FromSeconds(15);

    /// <summary>Up to when silence is known to be silence.</summary>
    public DateTimeOffset Heard => Watermark is { } w && w < Now ? w : Now;

    /// <summary>End of the last minute that is complete.</summary>
    public DateTimeOffset CompleteMinute => Floor(Watermark is { } w ? (w < Now ? w : Now) : IsLive ? Now - UsualDelay : Now, TimeSpan.FromMinutes(1));

    /// <summary>Start of the minute, hour or day.</summary>
    public static DateTimeOffset Floor(DateTimeOffset time, TimeSpan unit) => new(time.UtcTicks - (time.UtcTicks % unit.Ticks), TimeSpan.Zero);
}
