using System.Globalization;

namespace Telemetry.Hosting.Yaml;

/// <summary>Numbers as people write them in rules.</summary>
public static class NumberText
{
    private const double PerCent = 100;

    /// <summary>The number; 5% and 5 % are 0.05; null when the text is none.</summary>
    public static double? Parse(string text)
    {
        string bare = text.TrimEnd('%').TrimEnd();
        bool isShare = bare.Length < text.TrimEnd().Length;
        return double.TryParse(bare, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? isShare ? number / PerCent : number
            : null;
    }

    /// <summary>A figure with its unit, for people: shares as percentages, money in dollars.</summary>
    public static string Of(double value, string unit) => unit switch
    {
        "share" => string.Create(CultureInfo.InvariantCulture, $"{value * PerCent:0.##} %"),
        "usd" => string.Create(CultureInfo.InvariantCulture, $"${value:0.####}"),
        "s" => DurationText.Of(TimeSpan.FromSeconds(Math.Clamp(value, 0, TimeSpan.FromDays(10_000).TotalSeconds))),
        "" => string.Create(CultureInfo.InvariantCulture, $"{value:0.###}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {unit}"),
    };
}
