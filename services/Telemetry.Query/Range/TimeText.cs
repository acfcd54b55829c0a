using System.Globalization;
using Telemetry.Query.Ask;

namespace Telemetry.Query.Range;

/// <summary>Moments as people write them.</summary>
internal static class TimeText
{
    /// <summary>What is understood, for messages and descriptions.</summary>
    public const string Allowed =
        "RFC 3339 with an offset (2026-11-21T09:30:00Z), a date (2026-11-21, midnight in tz), now, now-6h (s, m, h, d of 24 h, w), today, yesterday, month (starts of these in tz)";

    private const int MostDigits = 9;

    private static readonly string[] s_rfc3339 =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>The moment.</summary>
    /// <param name="field">Parameter that says it, for the message.</param>
    /// <param name="text">What it says.</param>
    /// <param name="zone">Where days begin.</param>
    /// <param name="now">Now.</param>
    /// <exception cref="InvalidQueryException">It is no moment.</exception>
    public static DateTimeOffset Parse(string field, string text, TimeZoneInfo zone, DateTimeOffset now) =>
        Relative(text, now) ?? Named(text, zone, now) ?? Absolute(text, zone) ?? throw new InvalidQueryException(field, text, Allowed);

    private static DateTimeOffset? Relative(string text, DateTimeOffset now)
    {
        if (text == "now")
        {
            return now;
        }

        if (text.Length < 6 || !text.StartsWith("now", StringComparison.Ordinal) || text[3] is not ('-' or '+')
            || Span(text[4..]) is not { } span)
        {
            return null;
        }

        try
        {
            return text[3] == '-' ? now - span : now + span;
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>A span such as 90s, 15m, 6h, 7d, 2w; null when it is none.</summary>
    public static TimeSpan? Span(string text)
    {
        if (text.Length is < 2 or > MostDigits || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            return null;
        }

        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' when count < 100_000 => TimeSpan.FromDays(count),
            'w' when count < 10_000 => TimeSpan.FromDays(7 * count),
            _ => null,
        };
    }

    private static DateTimeOffset? Named(string text, TimeZoneInfo zone, DateTimeOffset now)
    {
        DateTime today = TimeZoneInfo.ConvertTime(now, zone).Date;
        return text switch
        {
            "today" => LocalTime.ToInstant(today, zone),
            "yesterday" => LocalTime.ToInstant(today.AddDays(-1), zone),
            "month" => LocalTime.ToInstant(new DateTime(today.Year, today.Month, 1), zone),
            _ => null,
        };
    }

    private static DateTimeOffset? Absolute(string text, TimeZoneInfo zone)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            return LocalTime.ToInstant(day.ToDateTime(TimeOnly.MinValue), zone);
        }

        // A "+" of an offset that was not escaped in a URL arrives as a blank.
        string repaired = text.Length > 6 && text[^6] == ' ' && text[^3] == ':' ? string.Concat(text.AsSpan(0, text.Length - 6), "+", text.AsSpan(text.Length - 5)) : text;
        bool hasOffset = repaired.EndsWith('Z') || (repaired.Length > 6 && repaired[^6] is '+' or '-' && repaired[^3] == ':');
        return hasOffset && DateTimeOffset.TryParseExact(repaired, s_rfc3339, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time)
            ? time.ToUniversalTime()
            : null;
    }
}
