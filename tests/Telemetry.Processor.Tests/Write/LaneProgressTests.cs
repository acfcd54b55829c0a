using Telemetry.Processor.Consume;

namespace Telemetry.Processor.Tests.Write;

public sealed class LaneProgressTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_idle_partition_goes_on_with_the_clock()
    {
        var progress = new LaneProgress();
        progress.Look(At(0), 100, null);
        Assert.Null(progress.PassedAt);
        progress.Look(At(1), 100, 100);
        progress.Look(At(9), 100, 100);
        Assert.Equal(At(9), progress.PassedAt);
    }

    [Fact]
    public void One_that_is_behind_passes_a_time_when_all_that_was_there_is_written()
    {
        var progress = new LaneProgress();
        progress.Look(At(0), 0, 0);
        progress.Look(At(10), 0, 500);
        progress.Look(At(20), 300, 900);
        Assert.Equal(At(0), progress.PassedAt);
        progress.Look(At(30), 500, 1000);
        Assert.Equal(At(10), progress.PassedAt);
        progress.Look(At(40), 999, 1500);
        Assert.Equal(At(10), progress.PassedAt);
        progress.Look(At(50), 1000, 1500);
        Assert.Equal(At(30), progress.PassedAt);
    }

    [Fact]
    public void An_end_that_was_told_too_high_before_the_first_fetch_holds_nothing_back()
    {
        var progress = new LaneProgress();
        progress.Look(At(0), 1_000_000, 2_000_001);
        progress.Look(At(5), 1_000_010, 1_000_020);
        progress.Look(At(6), 1_000_020, 1_000_030);
        Assert.Equal(At(0), progress.PassedAt);
    }

    private static DateTimeOffset At(int seconds) => s_start.AddSeconds(seconds);
}
