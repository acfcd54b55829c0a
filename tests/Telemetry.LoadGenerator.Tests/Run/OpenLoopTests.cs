using Telemetry.LoadGenerator.Payload;
using Telemetry.LoadGenerator.Run;
using Telemetry.LoadGenerator.Send;

namespace Telemetry.LoadGenerator.Tests.Run;

/// <summary>A paced phase leaves nothing out because the receiver is slow.</summary>
public sealed class OpenLoopTests
{
    [Fact]
    public void Requests_are_due_at_even_intervals_for_the_whole_duration()
    {
        var schedule = new OpenLoopSchedule(spansPerSecond: 5000, spansPerRequest: 100, TimeSpan.FromSeconds(10));
        Assert.Equal(500, schedule.Count);
        Assert.All(Enumerable.Range(0, 500), i => Assert.Equal(i * 20_000_000L, schedule.DueAt(i)));
    }

    [Fact]
    public async Task A_receiver_that_stalls_is_still_sent_everything_and_the_stall_is_in_every_answer_time()
    {
        var gate = new TaskCompletionSource<SendResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var sender = new FakeSender(_ => gate.Task);
        var counters = new PhaseCounters(new RequestLedger());
        var schedule = new OpenLoopSchedule(spansPerSecond: 100_000, spansPerRequest: 100, TimeSpan.FromMilliseconds(100));
        using var pacing = new Pacing([sender], Bodies(), schedule, counters);

        Task<TimeSpan> running = pacing.RunAsync(TestContext.Current.CancellationToken);
        await Telemetry.TestKit.Eventually.HoldsAsync(() => sender.Sent == schedule.Count, "every request is sent though none is answered");
        gate.SetResult(SendResult.Acknowledged);
        TimeSpan took = await running;

        // None was answered before the last was sent, so that even the last but few waited; the first one for the whole time.
        Assert.Equal(schedule.Count, counters.Latency.Count);
        Assert.InRange(counters.Latency.Max, schedule.DueAt(schedule.Count - 1), (long)took.TotalNanoseconds);
        Assert.True(counters.Latency.Quantile(0.5) >= schedule.DueAt(schedule.Count - 1) - schedule.DueAt(schedule.Count / 2));
    }

    [Fact]
    public async Task Saturation_sends_on_only_when_it_is_answered()
    {
        var gate = new TaskCompletionSource<SendResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var sender = new FakeSender(_ => gate.Task);
        var counters = new PhaseCounters(new RequestLedger());
        using var stop = new CancellationTokenSource();
        Task<TimeSpan> running = Saturation.RunAsync([sender], 3, Bodies(), TimeSpan.FromMinutes(1), counters, backlog: null, TimeProvider.System, stop.Token);
        await Telemetry.TestKit.Eventually.HoldsAsync(() => sender.Sent == 3, "three in flight");
        await stop.CancelAsync();
        gate.SetResult(SendResult.Acknowledged);
        await running;
        Assert.Equal(3, sender.Sent);
        Assert.Equal(3, counters.Acknowledged);
    }

    [Fact]
    public void The_ledger_keeps_every_outcome_apart()
    {
        var ledger = new RequestLedger();
        ledger.Note(0, SendOutcome.Acknowledged);
        ledger.Note(70_000, SendOutcome.Refused);
        ledger.Note(300_000, SendOutcome.Acknowledged);
        Assert.Equal(2, ledger.Acknowledged);
        Assert.Equal([SendOutcome.Acknowledged, SendOutcome.None, SendOutcome.Refused, SendOutcome.Acknowledged, SendOutcome.None], new long[] { 0, 1, 70_000, 300_000, 9_000_000 }.Select(r => ledger[r]));
    }

    private static FreshBodies Bodies() => new(new PayloadFactory(new PayloadSettings { Spans = 2, SpansPerTrace = 1 }, new RunIds(), TimeProvider.System), new RequestNumbers());
}
