namespace Telemetry.Query.Range;

/// <summary>Clock times of a place.</summary>
internal static class LocalTime
{
    /// <summary>
    /// The moment when clocks show it. Where the clock was put forward over it, the first moment after; where it is shown twice, the first of the two.
    /// </summary>
    public static DateTimeOffset ToInstant(DateTime local, TimeZoneInfo zone)
    {
        DateTime clock = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(clock))
        {
            // Noon before is no time of change anywhere; its offset is that before the change.
            TimeSpan before = zone.GetUtcOffset(clock.AddHours(-12));
            return new DateTimeOffset(clock, before).ToUniversalTime();
        }

        TimeSpan offset = zone.IsAmbiguousTime(clock) ? zone.GetAmbiguousTimeOffsets(clock).Max() : zone.GetUtcOffset(clock);
        return new DateTimeOffset(clock, offset).ToUniversalTime();
    }

    /// <summary>Start of the day that a moment lies in.</summary>
    public static DateTimeOffset StartOfDay(DateTimeOffset moment, TimeZoneInfo zone) => ToInstant(TimeZoneInfo.ConvertTime(moment, zone).Date, zone);

    /// <summary>Start of the month that a moment lies in.</summary>
    public static DateTimeOffset StartOfMonth(DateTimeOffset moment, TimeZoneInfo zone)
    {
        DateTime local = TimeZoneInfo.ConvertTime(moment, zone).Date;
        return ToInstant(new DateTime(local.Year, local.Month, 1), zone);
    }
}
