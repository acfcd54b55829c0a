using Telemetry.Judge.Ask;
using Telemetry.Judge.Spend;

namespace Telemetry.Judge.Tests.Ask;

public sealed class RateLimitTests
{
    [Theory]
    [InlineData("1s", 1)]
    [InlineData("6m0s", 360)]
    [InlineData("120ms", 0.12)]
    [InlineData("1h2m3.5s", 3600)]
    [InlineData("3.5", 3.5)]
    [InlineData("0", 0)]
    [InlineData("99999h", 3600)]
    [InlineData("-5", 0)]
    public void Times_of_headers_are_read_and_bounded(string text, double seconds) => Assert.Equal(seconds, RateLimitHeaders.Parse(text)!.Value.TotalSeconds, 6);

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("1x")]
    [InlineData("NaN")]
    public void What_is_no_time_is_none(string text) => Assert.Null(RateLimitHeaders.Parse(text));

    [Fact]
    public async Task No_more_requests_begin_within_a_minute_than_allowed_those_of_the_instance_before_included()
    {
        var time = new ManualTime();
        var rate = new RequestRate(3, time);
        rate.Load([time.GetUtcNow() - TimeSpan.FromSeconds(20)]);
        await rate.WaitAsync(TestContext.Current.CancellationToken);
        await rate.WaitAsync(TestContext.Current.CancellationToken);
        Task next = rate.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(39));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        await next.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(10, 0.01, 0, 60, 12, 2.78)]
    [InlineData(10, 0.01, 0, 60, 23.99, 360)]
    [InlineData(10, 0.01, 1000, 60, 12, 0)]
    [InlineData(0, 0.01, 0, 60, 12, 0)]
    [InlineData(0, 0, 0, 60, 12, 360)]
    [InlineData(10, 0, 300, 60, 12, 60)]
    public void A_window_may_use_its_part_of_the_day_and_what_the_queue_leaves(double left, double each, long pending, int perMinute, double hour, double expected)
    {
        DateTimeOffset now = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero).AddHours(hour);
        Assert.Equal(expected, Math.Round(Allowance.Of(left, each, pending, perMinute, 2, now), 2));
    }

    private sealed class ManualTime : TimeProvider
    {
        private readonly Lock _lock = new();
        private readonly List<Timer> _timers = [];
        private DateTimeOffset _now = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(() => callback(state), _now + dueTime);
            lock (_lock)
            {
                _timers.Add(timer);
            }

            return timer;
        }

        public void Advance(TimeSpan by)
        {
            _now += by;
            Timer[] due;
            lock (_lock)
            {
                due = [.. _timers.Where(t => t.Due <= _now)];
                _timers.RemoveAll(t => t.Due <= _now);
            }

            foreach (Timer timer in due)
            {
                timer.Fire();
            }
        }

        private sealed class Timer(Action fire, DateTimeOffset due) : ITimer
        {
            public DateTimeOffset Due => due;

            public void Fire() => fire();

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
