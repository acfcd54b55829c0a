using Telemetry.Query.Ask;
using Telemetry.Query.Range;

namespace Telemetry.Query.Tests.Range;

public sealed class TimeTextTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 16, 30, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("now", "2026-11-21T16:30:00Z")]
    [InlineData("now-6h", "2026-11-21T10:30:00Z")]
    [InlineData("now-90s", "2026-11-21T16:28:30Z")]
    [InlineData("now+2w", "2026-12-05T16:30:00Z")]
    [InlineData("2026-11-21T09:30:00Z", "2026-11-21T09:30:00Z")]
    [InlineData("2026-11-21T09:30:00.25+01:00", "2026-11-21T08:30:00.25Z")]
    [InlineData("2026-11-21T09:30:00 01:00", "2026-11-21T08:30:00Z")]
    [InlineData("2026-11-21T09:30-05:00", "2026-11-21T14:30:00Z")]
    [InlineData("2026-11-21", "2026-11-20T23:00:00Z")]
    [InlineData("2026-07-01", "2026-06-30T22:00:00Z")]
    [InlineData("today", "2026-11-20T23:00:00Z")]
    [InlineData("yesterday", "2026-11-19T23:00:00Z")]
    [InlineData("month", "2026-10-31T23:00:00Z")]
    public void A_moment_is_read(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), TimeText.Parse("from", text, s_berlin, s_now));

    [Theory]
    [InlineData("")]
    [InlineData("now-")]
    [InlineData("now-6")]
    [InlineData("now-6y")]
    [InlineData("now--6h")]
    [InlineData("now-6h ")]
    [InlineData("2026-11-21T09:30:00")]
    [InlineData("2026-13-01")]
    [InlineData("21.11.2026")]
    [InlineData("1795275688")]
    [InlineData("now-999999999d")]
    public void What_is_none_is_refused_with_what_is_allowed(string text)
    {
        InvalidQueryException e = Assert.Throws<InvalidQueryException>(() => TimeText.Parse("from", text, s_berlin, s_now));

        Assert.Equal(("from", text, TimeText.Allowed), (e.Field, e.Value, e.Allowed));
    }

    [Theory]
    [InlineData("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z")] // Midnight was put forward over.
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z")] // Midnight is shown twice.
    [InlineData("Asia/Kolkata", "2026-11-21", "2026-11-20T18:30:00Z")]
    public void A_day_begins_once_whatever_clocks_do(string zone, string day, string expected) => Assert.Equal(
        DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), TimeText.Parse("from", day, TimeZoneInfo.FindSystemTimeZoneById(zone), s_now));
}
