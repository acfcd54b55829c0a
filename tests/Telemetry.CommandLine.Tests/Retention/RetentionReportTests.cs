using Telemetry.CommandLine.Retention;

namespace Telemetry.CommandLine.Tests.Retention;

/// <summary>When the disk is full at the rate of the last day.</summary>
public sealed class RetentionReportTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_table_grows_until_as_much_expires_as_arrives()
    {
        RetentionReport report = RetentionReport.Of([Table(days: 30, age: 20, bytesADay: 100)], freeBytes: 5000, Now);

        Assert.Null(report.FullAt);
        Assert.Equal(2000 + (10 * 100), report.SettlesAtBytes);
        Assert.Equal(Now.AddDays(6), RetentionReport.Of([Table(days: 30, age: 20, bytesADay: 100)], freeBytes: 550, Now).FullAt);
    }

    [Fact]
    public void A_table_that_has_reached_its_retention_grows_no_more() =>
        Assert.Equal((null, 3100d), Of(Table(days: 30, age: 31, bytesADay: 100)));

    [Fact]
    public void A_table_that_keeps_its_rows_for_ever_fills_every_disk() =>
        Assert.Equal((Now.AddDays(11), null), Of(Table(days: null, age: 5, bytesADay: 100)));

    [Fact]
    public void An_empty_table_takes_nothing() =>
        Assert.Equal((null, 0d), Of(new TableRetention("t", null, true, 0, 0, null, null, 0, 0)));

    private static (DateTimeOffset?, double?) Of(TableRetention table)
    {
        RetentionReport report = RetentionReport.Of([table], freeBytes: 1000, Now);
        return (report.FullAt, report.SettlesAtBytes);
    }

    private static TableRetention Table(int? days, int age, double bytesADay) =>
        new("t", days, true, 10, (long)(age * bytesADay), Now.AddDays(-age), Now, 1, bytesADay);
}
