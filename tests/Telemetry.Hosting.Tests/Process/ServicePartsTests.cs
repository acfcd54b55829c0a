using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Hosting.Process;

namespace Telemetry.Hosting.Tests.Process;

public sealed class ServicePartsTests
{
    private readonly List<string> _events = [];

    [Fact]
    public async Task Parts_start_in_order_and_stop_in_reverse()
    {
        ServiceParts parts = Parts(Part("a"), Part("b"));

        await parts.StartAsync(TestContext.Current.CancellationToken);
        bool clean = await parts.StopAsync(TimeSpan.FromSeconds(5), TimeProvider.System);

        Assert.True(clean);
        Assert.Equal(["start a", "start b", "stop b", "stop a"], _events);
    }

    [Fact]
    public async Task When_one_part_fails_to_start_the_ones_before_it_are_stopped_and_later_ones_never_start()
    {
        ServiceParts parts = Parts(Part("a"), Part("b", failStart: true), Part("c"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => parts.StartAsync(TestContext.Current.CancellationToken));
        await parts.StopAsync(TimeSpan.FromSeconds(5), TimeProvider.System);

        Assert.Equal(["start a", "start b", "stop b", "stop a"], _events);
    }

    [Fact]
    public async Task A_part_that_fails_to_stop_does_not_hold_up_the_others_but_the_stop_is_not_clean()
    {
        ServiceParts parts = Parts(Part("a"), Part("b", failStop: true));
        await parts.StartAsync(TestContext.Current.CancellationToken);

        bool clean = await parts.StopAsync(TimeSpan.FromSeconds(5), TimeProvider.System);

        Assert.False(clean);
        Assert.Equal(["start a", "start b", "stop b", "stop a"], _events);
    }

    [Fact]
    public async Task A_part_that_never_ends_is_left_behind_after_the_bound_and_the_stop_is_not_clean()
    {
        ServiceParts parts = Parts(Part("a"), new ServicePart("b", _ => Task.CompletedTask, _ => Task.Delay(Timeout.Infinite, CancellationToken.None)));
        await parts.StartAsync(TestContext.Current.CancellationToken);

        bool clean = await parts.StopAsync(TimeSpan.FromMilliseconds(50), TimeProvider.System).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.False(clean);
        Assert.Equal(["start a", "stop a"], _events);
    }

    [Fact]
    public async Task Stopping_twice_stops_each_part_once()
    {
        ServiceParts parts = Parts(Part("a"));
        await parts.StartAsync(TestContext.Current.CancellationToken);

        await parts.StopAsync(TimeSpan.FromSeconds(5), TimeProvider.System);
        await parts.StopAsync(TimeSpan.FromSeconds(5), TimeProvider.System);

        Assert.Equal(["start a", "stop a"], _events);
    }

    private static ServiceParts Parts(params ServicePart[] parts) => new(parts, NullLogger.Instance);

    private ServicePart Part(string name, bool failStart = false, bool failStop = false) => new(
        name,
        _ => Note($"start {name}", failStart),
        _ => Note($"stop {name}", failStop));

    private Task Note(string text, bool fail)
    {
        _events.Add(text);
        return fail ? Task.FromException(new InvalidOperationException(text)) : Task.CompletedTask;
    }
}
