using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Alerting.Notify;
using Telemetry.Alerting.Tests.Support;
using Telemetry.Alerting.Track;
using Telemetry.ClickHouse.Claims;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Tests.Lease;

public sealed class ClaimLeaseTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_that_claim_at_once_one_holds_it()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        ClaimLease[] leases = [.. Enumerable.Range(0, 6).Select(i => Lease(client, $"i{i}", TimeSpan.FromMinutes(5)))];
        await Task.WhenAll(leases.Select(l => l.HoldAsync(_cancellation)));
        Claim[] held = [.. leases.Select(l => l.Held).OfType<Claim>()];
        // Rivals that claimed in the same moment see each other at the next look at the latest, which comes before anything is written or sent.
        int valid = 0;
        foreach (ClaimLease lease in leases.Where(l => l.Held is not null))
        {
            try
            {
                await lease.CheckAsync(lease.Held!, _cancellation);
                valid++;
            }
            catch (ClaimLostException)
            {
                Assert.Null(lease.Held);
            }
        }

        Assert.NotEmpty(held);
        Assert.Equal(1, valid);
    }

    [Fact]
    public async Task A_released_lease_is_taken_at_once_and_a_held_one_is_not()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        ClaimLease first = Lease(client, "first", TimeSpan.FromMinutes(5));
        ClaimLease second = Lease(client, "second", TimeSpan.FromMinutes(5));
        await first.HoldAsync(_cancellation);
        await second.HoldAsync(_cancellation);
        Assert.NotNull(first.Held);
        Assert.Null(second.Held);
        await first.ReleaseAsync(_cancellation);
        Assert.Null(first.Held);
        await second.HoldAsync(_cancellation);
        Assert.NotNull(second.Held);
    }

    [Fact]
    public async Task What_one_records_that_stood_still_and_lost_its_turn_does_not_count_and_is_not_owed()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        var store = new IncidentStore(client);
        ClaimLease stood = Lease(client, "stood", TimeSpan.FromMinutes(5));
        await stood.HoldAsync(_cancellation);
        Claim late = stood.Held!;
        await store.AppendAsync([Change("before")], late, Now, _cancellation);
        await stood.ReleaseAsync(_cancellation);
        ClaimLease next = Lease(client, "next", TimeSpan.FromMinutes(5));
        await next.HoldAsync(_cancellation);

        await store.AppendAsync([Change("after")], late, Now, _cancellation);
        await Assert.ThrowsAsync<ClaimLostException>(() => stood.CheckAsync(late, _cancellation));
        Assert.Equal(["before"], (await store.LoadAsync(_cancellation)).Select(i => i.Rule));
        Notification owed = Assert.Single(await store.OwedAsync(_cancellation));
        Assert.Equal("before", owed.Incidents[0].Rule);
        await store.NoteAsync([owed], delivered: true, 1, "", next.Held!, _cancellation);
        Assert.Empty(await store.OwedAsync(_cancellation));
    }

    [Fact]
    public async Task An_incident_is_read_as_it_was_recorded()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        var store = new IncidentStore(client);
        ClaimLease lease = Lease(client, "one", TimeSpan.FromMinutes(5));
        await lease.HoldAsync(_cancellation);
        IncidentChange change = Change("rule ' \" \\ \n 🚨");
        await store.AppendAsync([change], lease.Held!, Now, _cancellation);
        Assert.Equivalent(change.After, Assert.Single(await store.LoadAsync(_cancellation)), strict: true);
        ListedIncident listed = Assert.Single(await new PeopleStore(client).ListAsync(null, _cancellation));
        Assert.Equal(("firing", "checkout"), (listed.State, listed.Labels["service"]));
    }

    private static DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    private static ClaimLease Lease(ClickHouseClient client, string instance, TimeSpan duration) => new(client, "alert", "the alerting", instance, duration, NullLogger.Instance, TimeProvider.System);

    private static IncidentChange Change(string rule) => new(
        new Incident
        {
            Id = IncidentMachine.Hash(rule),
            Key = rule,
            Rule = rule,
            Labels = new Dictionary<string, string> { ["service"] = "checkout" },
            Severity = "critical",
            State = IncidentState.Firing,
            Version = 1,
            StartedAt = Now,
            FiredAt = Now,
            Fires = [Now],
            Notified = ["hook"],
            NotifiedAt = Now,
            Value = 1.5,
            Text = "text",
            TraceIds = ["0af7651916cd43dd8448eb211c80319c"],
        },
        "fired", NotificationKinds.Fired, ["hook"])
    { GroupId = IncidentMachine.Hash("g" + rule) };
}
