namespace Telemetry.Alerting.Read;

/// <summary>Time zones by their IANA names.</summary>
internal static class TimeZones
{
    /// <summary>The zone; null when this machine does not know it.</summary>
    public static TimeZoneInfo? Find(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) ? zone : null;
}
