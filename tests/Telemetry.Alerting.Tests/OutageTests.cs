using Telemetry.Alerting.Tests.Support;
using Telemetry.TestKit;

namespace Telemetry.Alerting.Tests;

/// <summary>ClickHouse goes away under a running instance and comes back.</summary>
public sealed class OutageTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_page_is_lost_or_repeated_when_clickhouse_goes_away_and_comes_back()
    {
        await using Stage stage = await Stage.SetAsync(clickHouse);
        await using AlertingService alerting = await stage.StartAsync();
        await stage.BreakAsync();
        await stage.DeliveredAsync(1);
        await AwayAndBackAsync(alerting);
        await Eventually.HoldsAsync(() => alerting.OpenIncidents.Count == 1, "the incident goes on", Bound);
        await stage.MendAsync();
        await stage.DeliveredAsync(2);
        Assert.Equal(["fired", "resolved"], stage.Heard);
        Assert.Equal("1", await stage.AskAsync("SELECT uniqExact(incident_id) FROM alert_incidents"));
    }

    [Fact]
    public async Task What_a_receiver_took_while_clickhouse_was_away_is_the_same_page_if_it_comes_again()
    {
        await using Stage stage = await Stage.SetAsync(clickHouse);
        var hold = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        stage.Receiver.Answer = (_, _) =>
        {
            asked.TrySetResult();
            return hold.Task;
        };
        await using AlertingService alerting = await stage.StartAsync();
        await stage.BreakAsync();
        await asked.Task.WaitAsync(Bound, TestContext.Current.CancellationToken);
        await clickHouse.KillAsync();
        stage.Receiver.Answer = null;
        hold.SetResult();
        await clickHouse.RestartAsync();
        await stage.DeliveredAsync(1);
        await stage.MendAsync();
        await stage.DeliveredAsync(2);
        Assert.Equal(2, stage.Receiver.Received.Select(r => r.Headers["Idempotency-Key"]).Distinct().Count());
        Assert.Equal(["fired", "resolved"], stage.Heard.Distinct());
    }

    private async Task AwayAndBackAsync(AlertingService alerting)
    {
        await clickHouse.KillAsync();
        await Eventually.HoldsAsync(() => alerting.ReadinessChecks.Any(c => c.NotReadyReason() is not null), "/readyz tells of it", Bound);
        await clickHouse.RestartAsync();
        await Eventually.HoldsAsync(() => alerting.ReadinessChecks.All(c => c.NotReadyReason() is null), "/readyz is well again", Bound);
    }
}
