namespace Telemetry.Alerting.Read;

/// <summary>Hours of the week in which nobody is notified of what matches.</summary>
/// <param name="Name">Name.</param>
/// <param name="Matchers">Label, rule or severity, and its pattern; all must match.</param>
/// <param name="Days">Days on which it begins.</param>
/// <param name="From">When it begins, local time.</param>
/// <param name="Until">When it ends, local time; not after <paramref name="From"/> means on the next day.</param>
/// <param name="TimeZone">Whose local time.</param>
internal sealed record MaintenanceWindow(
    string Name, IReadOnlyDictionary<string, string> Matchers, IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly Until, TimeZoneInfo TimeZone)
{
    /// <summary>Whether it is on.</summary>
    public bool Contains(DateTimeOffset at)
    {
        DateTime local = TimeZoneInfo.ConvertTime(at, TimeZone).DateTime;
        TimeOnly time = TimeOnly.FromDateTime(local);
        return From < Until
            ? Days.Contains(local.DayOfWeek) && time >= From && time < Until
            : (Days.Contains(local.DayOfWeek) && time >= From) || (Days.Contains(local.AddDays(-1).DayOfWeek) && time < Until);
    }
}
