using System.Globalization;

namespace Telemetry.CommandLine.Prices.Import;

/// <summary>Days of source data.</summary>
internal static class ImportDates
{
    private const int NoonHour = 12;

    /// <summary>Noon UTC of a day such as 2026-09-23.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static DateTimeOffset Parse(string day) =>
        DateTimeOffset.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            ? at.AddHours(NoonHour)
            : throw new InvalidDataException($"{day}: a day such as 2026-09-23 is expected");

    /// <summary>The same day, when it is one.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static string Check(string day)
    {
        Parse(day);
        return day;
    }
}
