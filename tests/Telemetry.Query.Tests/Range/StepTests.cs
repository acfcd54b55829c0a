using Telemetry.Query.Range;

namespace Telemetry.Query.Tests.Range;

public sealed class StepTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 16, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("now-1h", "1m", 60)]
    [InlineData("now-6h", "5m", 60)]
    [InlineData("now-24h", "10m", 60)]
    [InlineData("now-7d", "2h", 3600)]
    [InlineData("now-28d", "6h", 3600)]
    [InlineData("now-60d", "12h", 3600)]
    [InlineData("now-90d", "1d", 86400)]
    [InlineData("now-3650d", "1mo", 86400)]
    public void A_step_is_chosen_that_gives_some_hundred_points(string from, string name, int resolution)
    {
        var range = TimeRange.Parse(from, "now", "UTC", s_now);

        var step = Step.Choose(null, range);

        Assert.Equal((name, resolution), (step.Name, step.Resolution));
        Assert.InRange(range.Length.TotalSeconds / step.Seconds, 60, 160);
    }

    [Theory]
    [InlineData("1d", "2026-10-31T23:00:00Z")]
    [InlineData("1w", "2026-10-25T23:00:00Z")]
    [InlineData("1mo", "2026-10-31T23:00:00Z")]
    [InlineData("6h", "2026-11-01T00:00:00Z")]
    public void A_point_begins_where_the_place_says(string step, string expected)
    {
        var range = TimeRange.Parse("2026-11-01T05:00:00Z", "now", "Europe/Berlin", s_now);

        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Step.Choose(step, range).Align(range));
    }

    [Fact]
    public void Days_of_a_place_are_made_of_hours_and_said_where_they_do_not_fit()
    {
        var berlin = TimeRange.Parse("now-10d", "now", "Europe/Berlin", s_now);
        var kolkata = TimeRange.Parse("now-10d", "now", "Asia/Kolkata", s_now);

        Assert.Equal(3600, Step.Choose("1d", berlin).Resolution);
        Assert.Empty(Step.Choose("1d", berlin).Notes(berlin));
        Assert.Single(Step.Choose("1d", kolkata).Notes(kolkata));
    }
}
