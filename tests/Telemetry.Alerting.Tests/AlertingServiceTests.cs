using Telemetry.Alerting.Tests.Support;
using Telemetry.Alerting.Track;
using Telemetry.ClickHouse.Client;
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
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        using var service = new Service(Service.OnDeadLetters, "channels:\n" + Service.Webhook("hook", receiver.Url));
        await Service.BreakAsync(client, _cancellation);
        await using (AlertingService first = service.Create(client))
        {
            await first.StartAsync(_cancellation);
            await DeliveredAsync(client, 1);
        }

        await using (AlertingService second = service.Create(client))
        {
            await second.StartAsync(_cancellation);
            await Eventually.HoldsAsync(() => second.OpenIncidents.Count == 1, "the incident goes on", Bound);
            await Service.MendAsync(client, _cancellation);
            await DeliveredAsync(client, 2);
        }

        Assert.Equal(["fired", "resolved"], receiver.Received.SelectMany(r => r.Kinds));
        Assert.Equal("1", await AskAsync(client, "SELECT uniqExact(incident_id) FROM alert_incidents"));
    }

    [Fact]
    public async Task Of_two_instances_one_evaluates_and_the_other_goes_on_when_it_stops()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        using var service = new Service(Service.OnDeadLetters, "channels:\n" + Service.Webhook("hook", receiver.Url));
        AlertingService[] instances = [service.Create(client, "a"), service.Create(client, "b")];
        await Task.WhenAll(instances.Select(i => i.StartAsync(_cancellation)));
        await Service.BreakAsync(client, _cancellation);
        await DeliveredAsync(client, 1);
        AlertingService leader = Assert.Single(instances, i => i.IsLeader);
        await leader.DisposeAsync();

        AlertingService other = instances.Single(i => i != leader);
        await Eventually.HoldsAsync(() => other.IsLeader, "the other one evaluates", Bound);
        await Service.MendAsync(client, _cancellation);
        await DeliveredAsync(client, 2);
        await other.DisposeAsync();
        Assert.Equal(["fired", "resolved"], receiver.Received.SelectMany(r => r.Kinds));
    }

    [Fact]
    public async Task A_receiver_that_fails_gets_the_same_notification_until_it_takes_it()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = (context, number) =>
        {
            context.Response.StatusCode = number switch { 0 => 500, 1 => 429, 2 => 401, _ => 200 };
            context.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        };
        using var service = new Service(Service.OnDeadLetters, "channels:\n" + Service.Webhook("hook", receiver.Url));
        await Service.BreakAsync(client, _cancellation);
        await using AlertingService alerting = service.Create(client);
        await alerting.StartAsync(_cancellation);
        await DeliveredAsync(client, 1);
        Assert.Equal(4, receiver.Received.Count);
        Assert.Single(receiver.Received.Select(r => r.Headers["Idempotency-Key"]).Distinct());
        Assert.Equal("4", await AskAsync(client, "SELECT max(attempts) FROM alert_deliveries"));
    }

    [Fact]
    public async Task A_receiver_that_hangs_holds_up_no_other_one_and_its_notification_is_not_lost()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using Receiver dead = await Receiver.StartAsync();
        await using Receiver alive = await Receiver.StartAsync();
        var hang = new TaskCompletionSource();
        dead.Answer = (_, _) => hang.Task;
        using var service = new Service(Service.OnDeadLetters, "channels:\n" + Service.Webhook("dead", dead.Url, ", timeout: 1s") + Service.Webhook("alive", alive.Url));
        await Service.BreakAsync(client, _cancellation);
        await using AlertingService alerting = service.Create(client);
        await alerting.StartAsync(_cancellation);
        await DeliveredAsync(client, 1);
        await Service.MendAsync(client, _cancellation);
        await DeliveredAsync(client, 2);
        Assert.Equal(["fired", "resolved"], alive.Received.SelectMany(r => r.Kinds));
        await Eventually.HoldsAsync(() => alerting.ReadinessChecks.Any(c => c.NotReadyReason()?.Contains("dead: no answer within 1 s", StringComparison.Ordinal) == true), "/readyz names the dead channel", Bound);

        dead.Answer = null;
        hang.SetResult();
        await DeliveredAsync(client, 4);
        Assert.Equal(["fired", "resolved"], dead.Received.SelectMany(r => r.Kinds).Distinct());
        Assert.Equal(2, dead.Received.Select(r => r.Headers["Idempotency-Key"]).Distinct().Count());
    }

    [Fact]
    public async Task What_a_receiver_will_never_take_is_given_up_and_the_next_one_goes_out()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = (context, number) =>
        {
            context.Response.StatusCode = number == 0 ? 400 : 200;
            return Task.CompletedTask;
        };
        using var service = new Service(Service.OnDeadLetters, "channels:\n" + Service.Webhook("hook", receiver.Url));
        await Service.BreakAsync(client, _cancellation);
        await using AlertingService alerting = service.Create(client);
        await alerting.StartAsync(_cancellation);
        await UntilAsync(client, "SELECT toString(count()) FROM alert_deliveries WHERE outcome = 'dropped'", "1");
        await Service.MendAsync(client, _cancellation);
        await DeliveredAsync(client, 1);
        Assert.Equal(["fired", "resolved"], receiver.Received.SelectMany(r => r.Kinds));
    }

    [Fact]
    public async Task What_comes_over_the_rate_is_collected_and_not_lost()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        string rules = "rules:\n" + string.Concat(Enumerable.Range(0, 8).Select(i => $"  - {{ name: r{i}, metric: dead_letters, operator: \">\", threshold: 0, window: 1h }}\n"));
        using var service = new Service(rules, "channels:\n" + Service.Webhook("hook", receiver.Url, ", max_per_minute: 2"));
        await Service.BreakAsync(client, _cancellation);
        await using AlertingService alerting = service.Create(client);
        await alerting.StartAsync(_cancellation);
        await UntilAsync(client, "SELECT toString(count()) FROM alert_deliveries WHERE outcome = 'delivered'", "8", TimeSpan.FromSeconds(120));
        Assert.Equal(3, receiver.Received.Count);
        Assert.Equal([1, 1, 6], receiver.Received.Select(r => r.Kinds.Count()));
    }

    [Fact]
    public async Task What_was_recorded_as_owed_and_never_noted_as_delivered_goes_out_again_under_its_id()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        using var service = new Service(Service.OnDeadLetters, "channels:\n" + Service.Webhook("hook", receiver.Url));
        await Service.BreakAsync(client, _cancellation);
        await using (AlertingService first = service.Create(client))
        {
            await first.StartAsync(_cancellation);
            await DeliveredAsync(client, 1);
        }

        // As after a kill between the answer of the receiver and the note.
        await client.ExecuteAsync("TRUNCATE TABLE alert_deliveries", null, _cancellation);
        await using AlertingService second = service.Create(client);
        await second.StartAsync(_cancellation);
        await DeliveredAsync(client, 1);
        Assert.Equal(2, receiver.Received.Count);
        Assert.Single(receiver.Received.Select(r => r.Headers["Idempotency-Key"]).Distinct());
        Assert.Equal("1", await AskAsync(client, "SELECT uniqExact(incident_id) FROM alert_incidents"));
    }

    [Fact]
    public async Task People_acknowledge_and_silence()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        using var service = new Service(Service.OnDeadLetters, "channels:\n" + Service.Webhook("hook", receiver.Url));
        var people = new PeopleStore(client);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var silence = new Silence("s", new Dictionary<string, string> { ["rule"] = "let*" }, now.AddMinutes(-1), now.AddHours(1), "ada", "maintenance");
        await people.NoteAsync(silence, removed: false, _cancellation);
        await Service.BreakAsync(client, _cancellation);
        await using AlertingService alerting = service.Create(client);
        await alerting.StartAsync(_cancellation);
        await UntilAsync(client, "SELECT concat(toString(state), ' ', toString(silenced)) FROM alert_incidents_now", "firing true");
        Assert.Empty(receiver.Received);

        await people.NoteAsync(silence, removed: true, _cancellation);
        await DeliveredAsync(client, 1);
        ListedIncident incident = Assert.Single(await people.ListAsync(null, _cancellation));
        await people.AcknowledgeAsync(incident.Id, "grace", "on it", _cancellation);
        await UntilAsync(client, "SELECT concat(toString(state), ' ', acknowledged_by) FROM alert_incidents_now", "acknowledged grace");
    }

    private Task DeliveredAsync(ClickHouseClient client, int count) => UntilAsync(client, "SELECT toString(count()) FROM alert_deliveries WHERE outcome = 'delivered'", $"{count}");

    private async Task UntilAsync(ClickHouseClient client, string sql, string expected, TimeSpan? bound = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        limit.CancelAfter(bound ?? Bound);
        string last = "";
        try
        {
            while ((last = await AskAsync(client, sql)) != expected)
            {
                await Task.Delay(50, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{sql} is still {last}, not {expected}");
        }
    }

    private async Task<string> AskAsync(ClickHouseClient client, string sql)
    {
        ClickHouseResult result = await client.QueryAsync(sql, null, _cancellation);
        return result.Rows.Count == 0 ? "" : result.Rows[0].GetValue(0)!.ToString()!;
    }
}
