namespace Telemetry.Detection.Compare;

/// <summary>One minute against what was expected of it; minutes add up to windows.</summary>
/// <param name="Minute">Minutes since 1970.</param>
/// <param name="Observed">Count and share: events. Size and level: difference from what was expected, times its weight.</param>
/// <param name="Expected">Count: events expected. Share: calls. Size and level: what was expected, times its weight.</param>
/// <param name="Weight">Size and level: one over the variance of the difference. Elsewhere 1; 0 when the minute says nothing.</param>
/// <param name="Slack">How much the baseline itself may be off because it changes here, as variance on the family's own scale, times the weight.</param>
/// <param name="Calls">Calls in the minute.</param>
internal readonly record struct Slot(long Minute, double Observed, double Expected, double Weight, double Slack, double Calls)
{
    /// <summary>A minute that says nothing.</summary>
    public static Slot Empty(long minute) => new(minute, 0, 0, 0, 0, 0);

    /// <summary>Both together.</summary>
    public static Slot operator +(Slot a, Slot b) => new(
        Math.Max(a.Minute, b.Minute), a.Observed + b.Observed, a.Expected + b.Expected, a.Weight + b.Weight, a.Slack + b.Slack, a.Calls + b.Calls);
}
