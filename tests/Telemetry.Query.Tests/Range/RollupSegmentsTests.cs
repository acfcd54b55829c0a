using FsCheck;
using FsCheck.Fluent;
using Telemetry.Query.Range;

namespace Telemetry.Query.Tests.Range;

public sealed class RollupSegmentsTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 16, 30, 12, TimeSpan.Zero);

    /// <summary>Two moments of the last two years, to the second.</summary>
    private static readonly Arbitrary<(DateTimeOffset From, DateTimeOffset To)> s_ranges = Gen.Choose(1, 2 * 366 * 86400).Two()
        .Where(p => p.Item1 != p.Item2)
        .Select(p => (s_now.AddSeconds(-Math.Max(p.Item1, p.Item2)), s_now.AddSeconds(-Math.Min(p.Item1, p.Item2))))
        .ToArbitrary();

    [Fact]
    public void The_parts_cover_the_range_without_gap_and_overlap_and_each_lies_on_whole_rows() => Prop.ForAll(s_ranges, pair =>
    {
        var segments = RollupSegments.Of(new TimeRange(pair.From, pair.To, TimeZoneInfo.Utc, s_now));

        Assert.Equal(segments.From, segments.Parts[0].From);
        Assert.Equal(segments.To, segments.Parts[^1].To);
        Assert.All(segments.Parts.Zip(segments.Parts.Skip(1)), p => Assert.Equal(p.First.To, p.Second.From));
        Assert.All(segments.Parts, p => Assert.True(p.From < p.To && p.From.ToUnixTimeSeconds() % p.Resolution == 0 && p.To.ToUnixTimeSeconds() % p.Resolution == 0, $"{p}"));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_range_is_widened_by_less_than_a_row_of_what_is_still_kept() => Prop.ForAll(s_ranges, pair =>
    {
        var segments = RollupSegments.Of(new TimeRange(pair.From, pair.To, TimeZoneInfo.Utc, s_now));

        Assert.True(segments.From <= pair.From && segments.To >= pair.To);
        Assert.True(pair.From - segments.From < Row(pair.From));
        Assert.True(segments.To - pair.To < Row(pair.To));
        // A day of grace.
        Assert.All(segments.Parts, p => Assert.True(TimeSpan.FromSeconds(p.Resolution) >= Row(p.From.AddDays(1))));

        static TimeSpan Row(DateTimeOffset moment) =>
            moment >= s_now - Retention.Minutes ? TimeSpan.FromMinutes(1) : moment >= s_now - Retention.Hours ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rows_of_a_key_are_some_dozens_however_long_the_range() => Prop.ForAll(s_ranges, pair =>
    {
        var segments = RollupSegments.Of(new TimeRange(pair.From, pair.To, TimeZoneInfo.Utc, s_now));

        double days = (pair.To - pair.From).TotalDays;
        Assert.True(segments.Parts.Sum(p => (p.To - p.From).TotalSeconds / p.Resolution) <= days + (2 * 60) + (4 * 24) + 2);
    }).QuickCheckThrowOnFailure();
}
