using Telemetry.Alerting.Evaluate;
using Telemetry.Alerting.Read;

namespace Telemetry.Alerting.Tests.Evaluate;

public sealed class BudgetPeriodTests
{
    [Theory]
    [InlineData("2026-11-20T23:30:00Z", false, "Europe/Berlin", "2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z")]
    [InlineData("2026-11-20T22:30:00Z", false, "Europe/Berlin", "2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z")]
    [InlineData("2026-10-25T12:00:00Z", false, "Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    [InlineData("2026-03-29T12:00:00Z", false, "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData("2026-12-31T20:00:00Z", true, "Asia/Kolkata", "2026-12-31T18:30:00Z", "2027-01-31T18:30:00Z")]
    [InlineData("2026-02-10T00:00:00Z", true, "UTC", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    public void Days_and_months_begin_where_their_time_zone_says(string at, bool monthly, string zone, string start, string end)
    {
        BudgetPeriod period = BudgetPeriod.Of(Time(at), monthly, TimeZones.Find(zone)!);
        Assert.Equal((Time(start), Time(end)), (period.Start, period.End));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
