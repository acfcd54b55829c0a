using System.Globalization;

namespace Telemetry.Hosting.Yaml;

/// <summary>Durations as people write them in rules: 90s, 5m, 2h, 7d.</summary>
public static class DurationText
{
    private const int HoursOfTwoDays = 48;

    /// <summary>The duration; null when the text is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        if (text.Length < 2 || !double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) || count > 100_000)
        {
            return null;
        }

        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' => TimeSpan.FromDays(count),
            _ => null,
        };
    }

    /// <summary>The shortest text of a duration, to the second.</summary>
    public static string Of(TimeSpan duration) => duration switch
    {
        _ when duration >= TimeSpan.FromHours(HoursOfTwoDays) => Text(duration.TotalDays, "d"),
        _ when duration >= TimeSpan.FromHours(1) => Text(duration.TotalHours, "h"),
        _ when duration >= TimeSpan.FromMinutes(1) => Text(duration.TotalMinutes, "m"),
        _ => Text(Math.Round(duration.TotalSeconds, 1), "s"),
    };

    private static string Text(double count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(count, 1)}{unit}");
}
