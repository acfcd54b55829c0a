using Telemetry.Alerting.Evaluate;

namespace Telemetry.Alerting.Read;

/// <summary>What a rule looks at.</summary>
internal abstract record Condition;

/// <summary>A figure beyond a threshold.</summary>
internal sealed record ThresholdCondition : Condition
{
    /// <summary>The figure.</summary>
    public required MetricUse Metric { get; init; }

    /// <summary>Divide by this one; null for the figure itself.</summary>
    public MetricUse? DivideBy { get; init; }

    /// <summary>Compare with the same window that long ago; null for the figure itself.</summary>
    public TimeSpan? ComparedTo { get; init; }

    /// <summary>How to compare.</summary>
    public Comparison Comparison { get; init; }

    /// <summary>On which side of the threshold it is an incident.</summary>
    public Operator Operator { get; init; }

    /// <summary>The threshold.</summary>
    public double Threshold { get; init; }

    /// <summary>What an incident must come back to before it is over; null for the threshold.</summary>
    public double? ResolveThreshold { get; init; }

    /// <summary>Length of the window.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Fewest samples that say anything.</summary>
    public long MinSamples { get; init; }

    /// <summary>For silence: whether it counts only at a time of the week or the day at which calls are known to be made.</summary>
    public bool AtUsualHours { get; init; }

    /// <summary>Unit of the figure that is compared with the threshold.</summary>
    public string Unit => ComparedTo is not null && Comparison == Comparison.Ratio || DivideBy is not null ? "" : Metric.Definition.Unit;
}

/// <summary>A metric and what it needs beside its name.</summary>
/// <param name="Definition">The metric.</param>
/// <param name="Scores">Names of judgements, for score metrics.</param>
/// <param name="Labels">Labels that count as passed, for score_share.</param>
/// <param name="AtLeast">Value from which a judgement counts as passed, for score_share; null for labels alone.</param>
/// <param name="Flags">Flags of calls, for flag metrics.</param>
internal sealed record MetricUse(
    MetricDefinition Definition, IReadOnlyList<string> Scores, IReadOnlyList<string> Labels, double? AtLeast, IReadOnlyList<string> Flags);

/// <summary>Sides of a threshold.</summary>
internal enum Operator
{
    /// <summary>Above.</summary>
    Above,

    /// <summary>Above or equal.</summary>
    AtLeast,

    /// <summary>Below.</summary>
    Below,

    /// <summary>Below or equal.</summary>
    AtMost,
}

/// <summary>How a figure is compared with an earlier one.</summary>
internal enum Comparison
{
    /// <summary>Divided by it.</summary>
    Ratio,

    /// <summary>Less it.</summary>
    Difference,
}

/// <summary>An objective over a period, and how fast its error budget burns.</summary>
internal sealed record SloCondition : Condition
{
    /// <summary>Share of calls that must be good.</summary>
    public double Objective { get; init; }

    /// <summary>A call is good when its first token came within this; null when it is good without an error.</summary>
    public TimeSpan? TtftBelow { get; init; }

    /// <summary>Windows and how fast the budget may burn in them.</summary>
    public IReadOnlyList<BurnRate> BurnRates { get; init; } = BurnRate.Workbook;

    /// <summary>Fewest calls in the long window.</summary>
    public long MinSamples { get; init; }
}

/// <summary>Both windows must burn that fast: the long one says that it matters, the short one that it still goes on.</summary>
/// <param name="Name">Label of the incident.</param>
/// <param name="Long">Long window.</param>
/// <param name="Short">Short window.</param>
/// <param name="Factor">Times the rate that would use up the budget exactly in its period.</param>
/// <param name="Severity">Severity.</param>
internal sealed record BurnRate(string Name, TimeSpan Long, TimeSpan Short, double Factor, string Severity)
{
    /// <summary>
    /// The windows of Google's SRE Workbook, chapter 5 "Alerting on SLOs", table 5-8: 2 % of a 30-day budget in an hour and 5 % in six hours page, 10 % in three days is a ticket.
    /// </summary>
    public static IReadOnlyList<BurnRate> Workbook { get; } =
    [
        new("fast", TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), 14.4, Severities.Critical),
        new("steady", TimeSpan.FromHours(6), TimeSpan.FromMinutes(30), 6, Severities.Critical),
        new("slow", TimeSpan.FromDays(3), TimeSpan.FromHours(6), 1, Severities.Warning),
    ];
}

/// <summary>Money per day or month.</summary>
internal sealed record BudgetCondition : Condition
{
    /// <summary>US dollars.</summary>
    public decimal Amount { get; init; }

    /// <summary>Whether the period is a month; a day otherwise.</summary>
    public bool Monthly { get; init; }

    /// <summary>Where days begin.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Share of the amount from which it is an incident.</summary>
    public double At { get; init; } = 1;

    /// <summary>Also when it will be spent before the period ends, at the rate of late.</summary>
    public bool Forecast { get; init; }
}

/// <summary>What the detection found.</summary>
internal sealed record AnomalyCondition : Condition
{
    /// <summary>Least severity.</summary>
    public string MinSeverity { get; init; } = Severities.Warning;

    /// <summary>Metrics; empty for all.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];
}
