using Telemetry.Query.Ask;

namespace Telemetry.Query.Range;

/// <summary>How wide the points of a series are, and which rollup gives them.</summary>
/// <param name="Name">As people write it.</param>
/// <param name="Seconds">Width; the usual one of weeks and months is meant, which vary.</param>
/// <param name="Resolution">Of the rollup, in seconds.</param>
/// <param name="Bucket">Expression of the point's start over the alias <c>r</c>; needs <c>step</c> or <c>tz</c>.</param>
internal sealed record Step(string Name, int Seconds, int Resolution, string Bucket)
{
    /// <summary>What is understood.</summary>
    public const string Allowed = "1m, 2m, 5m, 10m, 15m, 30m, 1h, 2h, 3h, 6h, 12h, 1d, 1w, 1mo";

    private const int Minute = 60;
    private const int Hour = 3600;
    private const int Day = 86400;
    private const int Month = 30 * Day;
    private const int PointsAimedAt = 150;
    private const int MostPoints = 2000;

    private static readonly (string Name, int Seconds)[] s_all =
    [
        ("1m", Minute), ("2m", 2 * Minute), ("5m", 5 * Minute), ("10m", 10 * Minute), ("15m", 15 * Minute), ("30m", 30 * Minute),
        ("1h", Hour), ("2h", 2 * Hour), ("3h", 3 * Hour), ("6h", 6 * Hour), ("12h", 12 * Hour), ("1d", Day), ("1w", 7 * Day), ("1mo", Month),
    ];

    /// <summary>Whether points begin where days of a place begin.</summary>
    public bool IsCalendar => Seconds >= Day;

    /// <summary>The step of a series: the one that was asked for, or one that gives about 150 points.</summary>
    /// <exception cref="InvalidQueryException">It is none, too fine for the range, or finer than what is kept.</exception>
    public static Step Choose(string? asked, TimeRange range)
    {
        int finest = Finest(range);
        if (asked is null or "auto")
        {
            (string Name, int Seconds) chosen = s_all.FirstOrDefault(s => s.Seconds >= finest && range.Length.TotalSeconds / s.Seconds <= PointsAimedAt, s_all[^1]);
            return Of(chosen, range);
        }

        (string Name, int Seconds) step = s_all.FirstOrDefault(s => s.Name == asked);
        if (step.Name is null)
        {
            throw new InvalidQueryException("step", asked, $"auto, {Allowed}");
        }

        if (step.Seconds < finest)
        {
            throw new InvalidQueryException("step", asked, $"{(finest == Hour ? "1h" : "1d")} or longer for a range that begins so early; minutes are kept 30 days, hours 400 days");
        }

        return range.Length.TotalSeconds / step.Seconds <= MostPoints
            ? Of(step, range)
            : throw new InvalidQueryException("step", asked, $"a step that gives at most {MostPoints} points; the range has {range.Length.TotalSeconds / step.Seconds:0} of these");
    }

    private static int Finest(TimeRange range) =>
        range.From >= range.Now - Retention.Minutes ? Minute : range.From >= range.Now - Retention.Hours ? Hour : Day;

    private static Step Of((string Name, int Seconds) step, TimeRange range)
    {
        int resolution = step.Seconds < Hour ? Minute : step.Seconds < Day || range.Zone != TimeZoneInfo.Utc ? Hour : Day;
        return new Step(step.Name, step.Seconds, resolution, step.Seconds switch
        {
            < Day => "toStartOfInterval(r.ts, toIntervalSecond({step:UInt32}))",
            Day => "toStartOfDay(r.ts, {tz:String})",
            Month => "toDateTime(toStartOfMonth(r.ts, {tz:String}), {tz:String})",
            _ => "toDateTime(toStartOfWeek(r.ts, 1, {tz:String}), {tz:String})",
        });
    }

    /// <summary>What a reader of the series should know; empty when nothing.</summary>
    public IEnumerable<string> Notes(TimeRange range)
    {
        if (IsCalendar && Resolution == Hour && (HasOddOffset(range, range.From) || HasOddOffset(range, range.To)))
        {
            yield return $"Days of {range.ZoneName} begin within an hour of UTC; calls of that hour count for the day that its start lies in.";
        }

        if (IsCalendar && Resolution == Hour && range.From < range.Now - Retention.Hours)
        {
            yield return "Hours are kept 400 days; days of a place other than UTC are known since then only.";
        }
    }

    /// <summary>The first moment of the first point.</summary>
    public DateTimeOffset Align(TimeRange range)
    {
        if (!IsCalendar)
        {
            long ticks = TimeSpan.FromSeconds(Seconds).Ticks;
            return new DateTimeOffset(range.From.UtcTicks - (range.From.UtcTicks % ticks), TimeSpan.Zero);
        }

        if (Seconds == Month)
        {
            return LocalTime.StartOfMonth(range.From, range.Zone);
        }

        DateTime day = TimeZoneInfo.ConvertTime(range.From, range.Zone).Date;
        int sinceMonday = Seconds == Day ? 0 : ((int)day.DayOfWeek + 6) % 7;
        return LocalTime.ToInstant(day.AddDays(-sinceMonday), range.Zone);
    }

    private static bool HasOddOffset(TimeRange range, DateTimeOffset moment) => range.Zone.GetUtcOffset(moment).Minutes != 0;
}
