using Telemetry.Alerting.Tests.Support;
using Telemetry.Alerting.Track;
using Telemetry.TestKit;

namespace Telemetry.Alerting.Tests;

/// <summary>Rules to receivers, with restarts, rivals and receivers that fail.</summary>
public sealed class AlertingServiceTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_incident_is_told_once_over_restarts_and_its_end_once()
    {
        await using Stage stage = await Stage.SetAsync(clickHouse);
        await stage.BreakAsync();
        await using (await stage.StartAsync())
        {
            await stage.DeliveredAsync(1);
        }

        await using (AlertingService second = await stage.StartAsync())
        {
            await Eventually.HoldsAsync(() => second.OpenIncidents.Count == 1, "the incident goes on", Bound);
            await stage.MendAsync();
            await stage.DeliveredAsync(2);
        }

        Assert.Equal(["fired", "resolved"], stage.Heard);
        Assert.Equal("1", await stage.AskAsync("SELECT uniqExact(incident_id) FROM alert_incidents"));
    }

    [Fact]
    public async Task Of_two_instances_one_evaluates_and_the_other_goes_on_when_it_stops()
    {
        await using Stage stage = await Stage.SetAsync(clickHouse);
        AlertingService[] instances = await Task.WhenAll(stage.StartAsync("a"), stage.StartAsync("b"));
        await stage.BreakAsync();
        await stage.DeliveredAsync(1);
        AlertingService leader = Assert.Single(instances, i => i.IsLeader);
        await leader.DisposeAsync();

        AlertingService other = instances.Single(i => i != leader);
        await Eventually.HoldsAsync(() => other.IsLeader, "the other one evaluates", Bound);
        await stage.MendAsync();
        await stage.DeliveredAsync(2);
        await other.DisposeAsync();
        Assert.Equal(["fired", "resolved"], stage.Heard);
    }

    [Fact]
    public async Task A_receiver_that_fails_gets_the_same_notification_until_it_takes_it()
    {
        await using Stage stage = await Stage.SetAsync(clickHouse);
        stage.Receiver.Answer = (context, number) =>
        {
            context.Response.StatusCode = number switch { 0 => 500, 1 => 429, 2 => 401, _ => 200 };
            context.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        };
        await stage.BreakAsync();
        await using AlertingService alerting = await stage.StartAsync();
        await stage.DeliveredAsync(1);
        Assert.Equal(4, stage.Receiver.Received.Count);
        Assert.Single(stage.Receiver.Received.Select(r => r.Headers["Idempotency-Key"]).Distinct());
        Assert.Equal("4", await stage.AskAsync("SELECT max(attempts) FROM alert_deliveries"));
    }

    [Fact]
    public async Task A_receiver_that_hangs_holds_up_no_other_one_and_its_notification_is_not_lost()
    {
        await using Receiver dead = await Receiver.StartAsync();
        var hang = new TaskCompletionSource();
        dead.Answer = (_, _) => hang.Task;
        await using Stage stage = await Stage.SetAsync(clickHouse, more: Service.Webhook("dead", dead.Url, ", timeout: 1s"));
        await stage.BreakAsync();
        await using AlertingService alerting = await stage.StartAsync();
        await stage.DeliveredAsync(1);
        await stage.MendAsync();
        await stage.DeliveredAsync(2);
        Assert.Equal(["fired", "resolved"], stage.Heard);
        await Eventually.HoldsAsync(() => alerting.ReadinessChecks.Any(c => c.NotReadyReason()?.Contains("dead: no answer within 1 s", StringComparison.Ordinal) == true), "/readyz names the dead channel", Bound);

        dead.Answer = null;
        hang.SetResult();
        await stage.DeliveredAsync(4);
        Assert.Equal(["fired", "resolved"], dead.Received.SelectMany(r => r.Kinds).Distinct());
        Assert.Equal(2, dead.Received.Select(r => r.Headers["Idempotency-Key"]).Distinct().Count());
    }

    [Fact]
    public async Task What_a_receiver_will_never_take_is_given_up_and_the_next_one_goes_out()
    {
        await using Stage stage = await Stage.SetAsync(clickHouse);
        stage.Receiver.Answer = (context, number) =>
        {
            context.Response.StatusCode = number == 0 ? 400 : 200;
            return Task.CompletedTask;
        };
        await stage.BreakAsync();
        await using AlertingService alerting = await stage.StartAsync();
        await stage.UntilAsync("SELECT toString(count()) FROM alert_deliveries WHERE outcome = 'dropped'", "1");
        await stage.MendAsync();
        await stage.DeliveredAsync(1);
        Assert.Equal(["fired", "resolved"], stage.Heard);
    }

    [Fact]
    public async Task What_comes_over_the_rate_is_collected_and_not_lost()
    {
        string rules = "rules:\n" + string.Concat(Enumerable.Range(0, 8).Select(i => $"  - {{ name: r{i}, metric: dead_letters, operator: \">\", threshold: 0, window: 1h }}\n"));
        await using Stage stage = await Stage.SetAsync(clickHouse, rules, ", max_per_minute: 2");
        await stage.BreakAsync();
        await using AlertingService alerting = await stage.StartAsync();
        await stage.UntilAsync("SELECT toString(count()) FROM alert_deliveries WHERE outcome = 'delivered'", "8", TimeSpan.FromSeconds(120));
        Assert.Equal(3, stage.Receiver.Received.Count);
        Assert.Equal([1, 1, 6], stage.Receiver.Received.Select(r => r.Kinds.Count()));
    }

    [Fact]
    public async Task What_was_recorded_as_owed_and_never_noted_as_delivered_goes_out_again_under_its_id()
    {
        await using Stage stage = await Stage.SetAsync(clickHouse);
        await stage.BreakAsync();
        await using (await stage.StartAsync())
        {
            await stage.DeliveredAsync(1);
        }

        // As after a kill between the answer of the receiver and the note.
        await stage.Client.ExecuteAsync("TRUNCATE TABLE alert_deliveries", null, _cancellation);
        await using AlertingService second = await stage.StartAsync();
        await stage.DeliveredAsync(1);
        Assert.Equal(2, stage.Receiver.Received.Count);
        Assert.Single(stage.Receiver.Received.Select(r => r.Headers["Idempotency-Key"]).Distinct());
        Assert.Equal("1", await stage.AskAsync("SELECT uniqExact(incident_id) FROM alert_incidents"));
    }

    [Fact]
    public async Task People_acknowledge_and_silence()
    {
        await using Stage stage = await Stage.SetAsync(clickHouse);
        var people = new PeopleStore(stage.Client);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var silence = new Silence("s", new Dictionary<string, string> { ["rule"] = "let*" }, now.AddMinutes(-1), now.AddHours(1), "ada", "maintenance");
        await people.NoteAsync(silence, removed: false, _cancellation);
        await stage.BreakAsync();
        await using AlertingService alerting = await stage.StartAsync();
        await stage.UntilAsync("SELECT concat(toString(state), ' ', toString(silenced)) FROM alert_incidents_now", "firing true");
        Assert.Empty(stage.Receiver.Received);

        await people.NoteAsync(silence, removed: true, _cancellation);
        await stage.DeliveredAsync(1);
        ListedIncident incident = Assert.Single(await people.ListAsync(null, _cancellation));
        await people.AcknowledgeAsync(incident.Id, "grace", "on it", _cancellation);
        await stage.UntilAsync("SELECT concat(toString(state), ' ', acknowledged_by) FROM alert_incidents_now", "acknowledged grace");
        Assert.Equal(["fired"], stage.Heard);
    }

    [Fact]
    public async Task A_pager_hears_that_somebody_has_acknowledged_and_nobody_else_does()
    {
        await using Receiver pager = await Receiver.StartAsync();
        await using Stage stage = await Stage.SetAsync(
            clickHouse, more: $"  - {{ name: pager, type: pagerduty, url: \"{pager.Url}\", routing_key: \"${{env:PATH}}\", default: true, allow_private: true }}\n");
        await stage.BreakAsync();
        await using AlertingService alerting = await stage.StartAsync();
        await stage.DeliveredAsync(2);
        await new PeopleStore(stage.Client).AcknowledgeAsync(await stage.AskAsync("SELECT incident_id FROM alert_incidents_now"), "grace", "on it", _cancellation);
        await stage.DeliveredAsync(3);
        await stage.MendAsync();
        await stage.DeliveredAsync(5);
        Assert.Equal(["trigger", "acknowledge", "resolve"], pager.Received.Select(r => r.Json.GetProperty("event_action").GetString()));
        Assert.Equal(["fired", "resolved"], stage.Heard);
    }
}
