using Telemetry.Query.Ask;

namespace Telemetry.Query.Range;

/// <summary>From when until when, and where days begin.</summary>
/// <param name="From">First moment.</param>
/// <param name="To">First moment after it.</param>
/// <param name="Zone">Where days begin.</param>
/// <param name="Now">When it was asked.</param>
internal sealed record TimeRange(DateTimeOffset From, DateTimeOffset To, TimeZoneInfo Zone, DateTimeOffset Now)
{
    private const int MostYears = 10;

    /// <summary>IANA name of the zone.</summary>
    public string ZoneName => Zone.Id;

    /// <summary>How long it is.</summary>
    public TimeSpan Length => To - From;

    /// <summary>The same length before it.</summary>
    public TimeRange Before => this with { From = From - Length, To = From };

    /// <summary>Reads the three parameters; six hours up to now in UTC when they say nothing.</summary>
    /// <exception cref="InvalidQueryException">One of them is wrong.</exception>
    public static TimeRange Parse(string? from, string? to, string? zone, DateTimeOffset now, string defaultFrom = "now-6h")
    {
        TimeZoneInfo place = ParseZone(zone);
        // Whole seconds: rollups know no less, and what is shown is what was asked.
        DateTimeOffset second = new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        DateTimeOffset begins = TimeText.Parse("from", from ?? defaultFrom, place, second);
        DateTimeOffset ends = TimeText.Parse("to", to ?? "now", place, second);
        if (begins >= ends)
        {
            throw new InvalidQueryException("from", from ?? defaultFrom, $"a moment before to, which is {ends:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        }

        return ends - begins <= TimeSpan.FromDays(366 * MostYears) && begins.Year >= 1971 && ends <= second.AddYears(1)
            ? new TimeRange(begins, ends, place, second)
            : throw new InvalidQueryException("from", from ?? defaultFrom, $"at most {MostYears} years, from 1971 until a year from now");
    }

    private static TimeZoneInfo ParseZone(string? name)
    {
        if (string.IsNullOrEmpty(name) || name == "UTC")
        {
            return TimeZoneInfo.Utc;
        }

        // The engine knows IANA names alone, and so must be given nothing else.
        bool plain = name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');
        return plain && TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone) && zone.HasIanaId
            ? zone
            : throw new InvalidQueryException("tz", name, "an IANA time zone such as UTC, Europe/Berlin or America/New_York");
    }
}
