using Telemetry.Alerting.Evaluate;
using Telemetry.Alerting.History;
using Telemetry.Alerting.Tests.Support;
using Telemetry.Alerting.Track;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Tests.History;

public sealed class HistoryRunTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task History_tells_when_a_rule_would_have_fired_and_been_over()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        var calls = new Calls(client);
        DateTimeOffset end = Moment.Floor(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
        DateTimeOffset start = end.AddHours(-1);
        await calls.InsertAsync(200, start.AddMinutes(20), TimeSpan.FromMinutes(20), cancellation: _cancellation);
        await calls.InsertAsync(100, start.AddMinutes(30), TimeSpan.FromMinutes(10), "status", "'error'", cancellation: _cancellation);
        await calls.InsertAsync(300, end, TimeSpan.FromMinutes(30), cancellation: _cancellation);

        IReadOnlyList<HistoryEvent> events = await new HistoryRun(client).RunAsync([Rules.Shipped("error-rate")], start, end, TimeSpan.FromMinutes(1), (_, _, _, _) => false, _cancellation);
        Assert.Equal(["pending", "fired", "clearing", "resolved"], events.Select(e => e.Change));
        Assert.All(events, e => Assert.Equal("checkout", e.Labels["service"]));
        // Errors begin at 20 minutes; 5 % of the window are reached within the next one, and held for one more. They leave the window of 5 minutes after 30.
        Assert.InRange(events[1].At, start.AddMinutes(21), start.AddMinutes(23));
        Assert.InRange(events[3].At, start.AddMinutes(35), start.AddMinutes(39));
        Assert.Equal((2, 0), (events.Count(e => e.Notifies), events.Count(e => e.Silenced)));
    }

    [Fact]
    public async Task History_tells_what_silences_would_have_held_back()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        DateTimeOffset end = Moment.Floor(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
        DateTimeOffset start = end.AddHours(-1);
        await new Calls(client).InsertAsync(100, start.AddMinutes(30), TimeSpan.FromMinutes(10), "status", "'error'", cancellation: _cancellation);
        await new Calls(client).InsertAsync(300, end, TimeSpan.FromMinutes(30), cancellation: _cancellation);
        var night = new Silence("s", new Dictionary<string, string> { ["service"] = "check*" }, start, start.AddMinutes(50), "ada", "load test");
        var back = new Silence("t", new Dictionary<string, string> { ["service"] = "*" }, start, end, "ada", "taken back");
        var people = new PeopleStore(client);
        await people.NoteAsync(night, removed: false, _cancellation);
        await people.NoteAsync(back, removed: false, _cancellation);
        await people.NoteAsync(back, removed: true, _cancellation);
        var silences = new Silences(client);
        await silences.ReadSinceAsync(start, _cancellation);

        IReadOnlyList<HistoryEvent> events = await new HistoryRun(client).RunAsync(
            [Rules.Shipped("error-rate")], start, end, TimeSpan.FromMinutes(1), (r, severity, labels, at) => silences.Holds(r.Name, severity, labels.Values, at, []), _cancellation);
        Assert.Equal(["fired"], events.Where(e => e.Silenced).Select(e => e.Change));
        Assert.DoesNotContain(events, e => e.Notifies);
    }

    [Theory]
    [InlineData("') OR 1 = 1 --")]
    [InlineData("\\'; DROP TABLE llm_calls; --")]
    [InlineData("{from:UInt32}")]
    public async Task Values_of_rules_and_of_calls_are_never_part_of_a_statement(string service)
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await new Calls(client).InsertAsync(30, now, TimeSpan.FromMinutes(1), "status", "'error'", service, cancellation: _cancellation);
        await new Calls(client).InsertAsync(30, now, TimeSpan.FromMinutes(1), "status", "'error'", "other", cancellation: _cancellation);
        var evaluator = new RuleEvaluator(client, TimeSpan.FromMinutes(1));
        Alerting.Read.Rule rule = Rules.One($"name: r, metric: error_rate, operator: \">\", threshold: 0.5, window: 5m, group_by: [service, user], filters: {{ service: \"{service.Replace("\\", "\\\\", StringComparison.Ordinal)}\" }}");
        Evaluation evaluation = await evaluator.EvaluateAsync(rule, new Moment(now, null, IsLive: true), _cancellation);
        Sample sample = Assert.Single(evaluation.Samples);
        Assert.Equal(service, sample.Labels.Values["service"]);
        Assert.NotEmpty(await new ExemplarReader(client).ReadAsync(rule, sample, _cancellation));
    }
}
