using Telemetry.ClickHouse.Client;
using Telemetry.Judge.Sample;
using Telemetry.Judge.Tests.Support;
using Telemetry.TestKit;

namespace Telemetry.Judge.Tests.Service;

/// <summary>The judge as a real process between a real database and an endpoint on a real port.</summary>
public sealed class JudgeServiceTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    private const string Ended = "(SELECT count() FROM llm_judge_outcomes)";
    private const string Scores = "(SELECT count() FROM llm_scores)";
    private const string Twice = "(SELECT count() FROM (SELECT trace_id FROM llm_scores GROUP BY trace_id, span_id, name, rubric_version, judge_model HAVING count() > 1))";

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    // Processors report nothing here, so a minute counts as closed two minutes later.
    private static DateTimeOffset Arrival => ClosedWindows.Floor(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(4));

    [Fact]
    public async Task Every_sampled_call_gets_one_score_with_its_probability_its_rubric_and_its_judge()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using JudgeServer server = await JudgeServer.StartAsync();
        using var settings = new JudgeSettings("rules:\n  - { name: errors, status: error, share: 100%, rubrics: [relevance, safety] }\n  - { name: default, share: 30%, rubrics: [relevance] }\n");
        server.Script = r => JudgeServerReply.OfScore(r.System.Contains("safe to give", StringComparison.Ordinal) ? 1 : 4);
        await Begin(client);
        await new Calls(client).InsertAsync(10, Arrival, status: "error", cancellation: _cancellation);
        await new Calls(client).InsertAsync(200, Arrival, kept: 0.5, model: "other", cancellation: _cancellation);
        await using ServiceProcess judge = await settings.StartAsync(server, client, _cancellation);
        await client.UntilAsync("(SELECT count() FROM llm_judge_requests) > 20 AND (SELECT count() FROM llm_judge_requests) = " + Ended, 1, _cancellation, () => judge.Log);
        long sampled = await client.CountAsync("(SELECT count() FROM llm_judge_requests)", _cancellation);
        Assert.Equal(sampled, await client.CountAsync(Scores, _cancellation));
        ClickHouseResult rows = await client.QueryAsync(
            "SELECT name, probability, value, label, source, rubric_version, judge_model, error_type, service FROM llm_scores GROUP BY ALL ORDER BY name, probability", null, _cancellation);
        Assert.Equal([("relevance", 0.15, 0.75), ("relevance", 1.0, 0.75), ("safety", 1.0, 1.0)], rows.Rows.Select(r => (r.GetString("name"), Math.Round(r.GetDouble("probability"), 9), r.GetDouble("value"))));
        Assert.All(rows.Rows, r => Assert.Equal(("judge", "1", "judge-model", "", "checkout"), (r.GetString("source"), r.GetString("rubric_version"), r.GetString("judge_model"), r.GetString("error_type"), r.GetString("service"))));
        await client.UntilAsync("(SELECT countIf(kind = 'settled') FROM llm_judge_spend)", sampled, _cancellation, () => judge.Log);
        Assert.Equal(server.Charged(1, 1), await client.UsdAsync(_cancellation));
    }

    [Fact]
    public async Task A_day_never_costs_more_than_its_budget_though_the_judge_is_killed_again_and_again()
    {
        const decimal Budget = 0.02m;
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using JudgeServer server = await JudgeServer.StartAsync();
        using var settings = new JudgeSettings(JudgeSettings.All);
        server.Script = r => JudgeServerReply.OfScore(3) with { InputTokens = 700, OutputTokens = 100 };
        await NoteUnlimited(client, 60);
        for (int round = 0; round < 4; round++)
        {
            // Each is killed while requests are under way: what it had set aside is spent for good. The last ones find little or nothing left.
            int before = server.Requests.Count;
            await using ServiceProcess judge = await settings.StartAsync(server, client, _cancellation, $"Judge:BudgetUsdPerDay={Budget.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
            await Eventually.HoldsAsync(() => server.Requests.Count >= before + 3 || judge.Log.Contains("the budget of the day is spent", StringComparison.Ordinal), "requests, or the end of the money", TimeSpan.FromSeconds(60));
            await judge.KillAsync();
        }

        Assert.InRange(server.Charged(1, 1), 0.001m, Budget);
        Assert.InRange(await client.UsdAsync(_cancellation), server.Charged(1, 1), Budget);
        Assert.Equal(0, await client.CountAsync(Twice, _cancellation));

        // With enough money the rest is judged, each once.
        await using ServiceProcess last = await settings.StartAsync(server, client, _cancellation, "Judge:BudgetUsdPerDay=100");
        await client.UntilAsync(Ended, 60, _cancellation, () => last.Log);
        Assert.Equal((60, 0), (await client.CountAsync(Scores, _cancellation), await client.CountAsync(Twice, _cancellation)));
    }

    [Fact]
    public async Task A_crash_between_answer_score_and_outcome_leads_to_one_score()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using JudgeServer server = await JudgeServer.StartAsync();
        using var settings = new JudgeSettings(JudgeSettings.All);
        await NoteUnlimited(client, 40);
        await using (ServiceProcess first = await settings.StartAsync(server, client, _cancellation))
        {
            await client.UntilAsync(Ended, 40, _cancellation, () => first.Log);
        }

        // As if it had been killed after the scores: they are found, and nothing is asked for again.
        await client.ExecuteAsync("RENAME TABLE llm_judge_outcomes TO before_the_crash", null, _cancellation);
        await client.ExecuteAsync("CREATE TABLE llm_judge_outcomes AS before_the_crash", null, _cancellation);
        int asked = server.Requests.Count;
        await using ServiceProcess second = await settings.StartAsync(server, client, _cancellation);
        await client.UntilAsync(Ended, 40, _cancellation, () => second.Log);
        Assert.Equal((asked, 40, 0), (server.Requests.Count, await client.CountAsync(Scores, _cancellation), await client.CountAsync(Twice, _cancellation)));
    }

    [Fact]
    public async Task Of_two_judges_one_asks_and_the_other_goes_on_when_it_is_killed()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using JudgeServer server = await JudgeServer.StartAsync();
        using var settings = new JudgeSettings(JudgeSettings.All);
        var gate = new TaskCompletionSource();
        server.Script = r => JudgeServerReply.OfScore(3) with { Gate = server.Requests.Count >= 20 ? gate.Task : null };
        await NoteUnlimited(client, 60);
        await using ServiceProcess first = await settings.StartAsync(server, client, _cancellation, "Judge:Instance=first");
        await Eventually.HoldsAsync(() => server.Requests.Count >= 24, "requests of the first one, the last of them without an answer", TimeSpan.FromSeconds(60));
        await using ServiceProcess second = await settings.StartAsync(server, client, _cancellation, "Judge:Instance=second");
        Assert.Equal(4, server.MostUnderWay);
        await first.KillAsync();
        gate.SetResult();
        await client.UntilAsync(Ended, 60, _cancellation, () => second.Log);
        Assert.Equal((60, 0), (await client.CountAsync(Scores, _cancellation), await client.CountAsync(Twice, _cancellation)));

        // What the first one had under way was asked for twice, and both are paid.
        Assert.InRange(server.Requests.Count, 60, 68);
        Assert.True(await client.UsdAsync(_cancellation) >= server.Charged(1, 1));
    }

    [Fact]
    public async Task An_endpoint_that_is_down_or_busy_loses_nothing()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using JudgeServer server = await JudgeServer.StartAsync();
        using var settings = new JudgeSettings(JudgeSettings.All);
        int count = 0;
        server.Script = _ => (Interlocked.Increment(ref count) % 4) switch
        {
            0 => JudgeServerReply.OfStatus(429, ("retry-after-ms", "50")),
            1 => JudgeServerReply.OfStatus(503, ("retry-after-ms", "1")),
            _ => JudgeServerReply.OfScore(5),
        };
        await NoteUnlimited(client, 30);
        await using ServiceProcess judge = await settings.StartAsync(server, client, _cancellation, "Judge:Endpoint:MaxTries=10");
        await client.UntilAsync(Ended, 30, _cancellation, () => judge.Log);
        Assert.Equal((30, 0, 30), (
            await client.CountAsync(Scores, _cancellation), await client.CountAsync(Twice, _cancellation), await client.CountAsync("(SELECT countIf(value = 1 AND error_type = '') FROM llm_scores)", _cancellation)));
    }

    [Fact]
    public async Task Broken_answers_become_counted_failures_without_a_value()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using JudgeServer server = await JudgeServer.StartAsync();
        using var settings = new JudgeSettings(JudgeSettings.All);
        server.Script = _ => new JudgeServerReply { Content = "five out of five" };
        await NoteUnlimited(client, 5);
        await using ServiceProcess judge = await settings.StartAsync(server, client, _cancellation);
        await client.UntilAsync(Ended, 5, _cancellation, () => judge.Log);
        Assert.Equal(5, await client.CountAsync("(SELECT countIf(isNull(value) AND error_type = 'invalid_answer' AND label = '') FROM llm_scores)", _cancellation));
        Assert.Equal(5, await client.CountAsync("(SELECT countIf(outcome = 'failed') FROM llm_judge_outcomes)", _cancellation));
        Assert.Equal(10, server.Requests.Count);
    }

    [Fact]
    public async Task Groundedness_is_judged_by_what_the_trace_retrieved()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await using JudgeServer server = await JudgeServer.StartAsync();
        using var settings = new JudgeSettings("rules:\n  - { name: all, share: 100%, rubrics: [faithfulness] }\n");
        await Begin(client);
        await new Calls(client).InsertAsync(2, Arrival, cancellation: _cancellation);
        await client.ExecuteAsync(
            """
            INSERT INTO llm_content (ts, trace_id, span_id, tenant, service, context, ingested_at)
            SELECT {at:DateTime64(3, 'UTC')} - 1, {trace:String}, '00000000000000aa', 'default', 'checkout', '["Paris is the capital of France.","It has 2 million people."]', {at:DateTime64(3, 'UTC')}
            """,
            new Dictionary<string, object?> { ["at"] = Arrival, ["trace"] = Calls.Trace(1) }, _cancellation);
        await using ServiceProcess judge = await settings.StartAsync(server, client, _cancellation);
        await client.UntilAsync(Ended, 2, _cancellation, () => judge.Log);
        Assert.Equal("Paris is the capital of France.\n\nIt has 2 million people.", Assert.Single(server.Requests).Data.GetProperty("context").GetString());
        Assert.Equal(1, await client.CountAsync("(SELECT countIf(outcome = 'no_context') FROM llm_judge_outcomes)", _cancellation));
        Assert.Equal(1, await client.CountAsync(Scores, _cancellation));
    }

    [Fact]
    public async Task A_model_without_a_price_is_refused_since_no_budget_could_hold()
    {
        await using ServiceProcess judge = ServiceProcess.StartWithoutWaiting(
            "Telemetry.Judge", ["Operations:Port=0", "Judge:Endpoint:Url=http://127.0.0.1:9/v1", "Judge:Endpoint:Model=no-such-model"]);
        await judge.WaitForExitAsync(TimeSpan.FromSeconds(60), _cancellation);
        Assert.Equal(2, judge.ExitCode);
        Assert.Contains("no price is known for openai/no-such-model; set InputUsdPerMillion", judge.Log, StringComparison.Ordinal);
    }

    // So that the windows begin where the calls of a test arrive.
    private Task Begin(ClickHouseClient client) => client.ExecuteAsync(
        "INSERT INTO llm_judge_windows (window_start, window_end) SELECT {at:DateTime('UTC')} - 60, {at:DateTime('UTC')}", new Dictionary<string, object?> { ["at"] = Arrival }, _cancellation);

    // Requests that were sampled when there was money enough.
    private async Task NoteUnlimited(ClickHouseClient client, int count)
    {
        DateTimeOffset arrival = Arrival;
        await new Calls(client).InsertAsync(count, arrival, cancellation: _cancellation);
        SampledWindow window = await new WindowSampler(client, Sampling.Key, "before").SampleAsync([Sampling.Rule("all", 1)], arrival, double.MaxValue, _cancellation);
        Assert.Equal(count, window.Requests);
    }
}
