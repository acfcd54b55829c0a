namespace Telemetry.Alerting.Evaluate;

/// <summary>A day or month of a time zone.</summary>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant of the next one.</param>
internal readonly record struct BudgetPeriod(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>The one that an instant lies in. Days on which clocks change have 23 or 25 hours.</summary>
    public static BudgetPeriod Of(DateTimeOffset at, bool monthly, TimeZoneInfo zone)
    {
        DateTime local = TimeZoneInfo.ConvertTime(at, zone).DateTime.Date;
        DateTime first = monthly ? new DateTime(local.Year, local.Month, 1) : local;
        return new BudgetPeriod(Instant(first, zone), Instant(monthly ? first.AddMonths(1) : first.AddDays(1), zone));
    }

    // Where clocks are set forward at midnight the day begins an hour later.
    private static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone)
    {
        DateTime valid = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        TimeSpan offset = zone.IsAmbiguousTime(valid) ? zone.GetAmbiguousTimeOffsets(valid).Max() : zone.GetUtcOffset(valid);
        return new DateTimeOffset(valid, offset).ToUniversalTime();
    }
}
