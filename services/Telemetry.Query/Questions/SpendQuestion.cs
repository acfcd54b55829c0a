using Telemetry.Query.Ask;
using Telemetry.Query.Filter;
using Telemetry.Query.Range;

namespace Telemetry.Query.Questions;

/// <summary>
/// Spending of today and of the month, and where both will end: the rest of the day costs what the same hours cost on the mean of the last seven days, and each day to
/// come what a day of them cost.
/// </summary>
internal static class SpendQuestion
{
    private const int DaysLookedAt = 7;

    private static readonly Column[] s_columns =
    [
        Column.Money("today_usd", "Spent since the start of the day in tz", nullable: false),
        Column.Money("yesterday_until_now_usd", "Spent yesterday until the same time of day", nullable: false),
        Column.Money("yesterday_usd", "Spent yesterday", nullable: false),
        Column.Money("today_forecast_usd", "What the day will have cost; null without a day of history"),
        Column.Money("month_usd", "Spent since the start of the month in tz", nullable: false),
        Column.Money("month_forecast_usd", "What the month will have cost; null without a day of history"),
        Column.Money("usd_per_day", "What a day cost on the mean of the last seven"),
        Column.Integer("unpriced_calls_today", "Calls of today without a known price, which no sum holds"),
    ];

    /// <summary>The statement; only the zone and the now of the range count.</summary>
    public static Statement Ask(TimeRange range, Selection selection)
    {
        DateTimeOffset today = LocalTime.StartOfDay(range.Now, range.Zone);
        DateTimeOffset month = LocalTime.StartOfMonth(range.Now, range.Zone);
        DateTime localDay = TimeZoneInfo.ConvertTime(range.Now, range.Zone).Date;
        DateTimeOffset history = LocalTime.ToInstant(localDay.AddDays(-DaysLookedAt), range.Zone);
        DateTimeOffset monthEnd = LocalTime.ToInstant(new DateTime(localDay.Year, localDay.Month, 1).AddMonths(1), range.Zone);
        DateTimeOffset since = month < history ? month : history;
        var parameters = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["since"] = Hour(since),
            ["history"] = history,
            ["yesterday"] = LocalTime.ToInstant(localDay.AddDays(-1), range.Zone),
            ["today"] = today,
            ["month"] = month,
            ["into_day"] = (int)(range.Now - today).TotalSeconds,
            ["days_to_come"] = Math.Max(0, (int)Math.Round((monthEnd - today).TotalDays) - 1),
            ["tz"] = range.ZoneName,
        };
        string sql = $$"""
            WITH
                -- Which share of a row's hour lies at a later time of day than now.
                least(1, greatest(0, (toUnixTimestamp(r.ts) + 3600 - toUnixTimestamp(toStartOfDay(r.ts, {tz:String})) - {into_day:Int32}) / 3600)) AS later,
                r.ts >= {history:DateTime('UTC')} AND r.ts < {today:DateTime('UTC')} AS in_history,
                least(7, intDiv(dateDiff('second', minIf(r.ts, in_history), {today:DateTime('UTC')}) + 86399, 86400)) AS days_of_history,
                countIf(in_history) AS known,
                if(known = 0, 1, days_of_history) AS days,
                toFloat64(sumIf(r.cost_usd, in_history)) / days AS per_day,
                sumIf(toFloat64(r.cost_usd) * later, in_history) / days AS rest_of_day
            SELECT
                sumIf(r.cost_usd, r.ts >= {today:DateTime('UTC')}) AS today_usd,
                sumIf(toDecimal128(toFloat64(r.cost_usd) * (1 - later), 12), r.ts >= {yesterday:DateTime('UTC')} AND r.ts < {today:DateTime('UTC')}) AS yesterday_until_now_usd,
                sumIf(r.cost_usd, r.ts >= {yesterday:DateTime('UTC')} AND r.ts < {today:DateTime('UTC')}) AS yesterday_usd,
                if(known = 0, NULL, toDecimal128(toFloat64(today_usd) + rest_of_day, 6)) AS today_forecast_usd,
                sumIf(r.cost_usd, r.ts >= {month:DateTime('UTC')}) AS month_usd,
                if(known = 0, NULL, toDecimal128(toFloat64(month_usd) + rest_of_day + per_day * {days_to_come:Int32}, 6)) AS month_forecast_usd,
                if(known = 0, NULL, toDecimal128(per_day, 6)) AS usd_per_day,
                sumIf(r.calls_unpriced, r.ts >= {today:DateTime('UTC')}) AS unpriced_calls_today
            FROM llm_rollups AS r
            WHERE r.resolution = 3600 AND r.ts >= {since:DateTime('UTC')}{{selection.Where("r", parameters)}}
            """;
        return new Statement("spend", sql, parameters, s_columns);
    }

    private static DateTimeOffset Hour(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
