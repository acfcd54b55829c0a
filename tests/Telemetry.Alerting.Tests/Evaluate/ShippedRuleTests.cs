using Telemetry.Alerting.Evaluate;
using Telemetry.Alerting.Read;
using Telemetry.Alerting.Tests.Support;
using Telemetry.ClickHouse.Client;

namespace Telemetry.Alerting.Tests.Evaluate;

/// <summary>For each shipped rule what makes it an incident, and what nearly does.</summary>
public sealed class ShippedRuleTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    // Aligned, so that windows hold exactly what a test puts into them; recent, so that nothing has expired.
    private static readonly DateTimeOffset Now = Moment.Floor(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    private static string Share(int of, int each) => $"number % {each} < {of}";

    public static TheoryData<string, string, string, int, int, string> CallRules => new()
    {
        // rule, columns, values, calls, minutes that they are spread over, values of the near miss
        { "error-rate", "status", $"if({Share(6, 100)}, 'error', 'ok')", 100, 5, $"if({Share(5, 100)}, 'error', 'ok')" },
        { "ttft-p95", "ttft_ms", "520", 40, 5, "480" },
        { "latency-p99", "duration_ms", "31000", 120, 10, "29000" },
        { "tokens-per-request", "tokens_source, input_tokens, output_tokens", "'reported', 1800, 201", 20, 5, "'reported', 1800, 200" },
        { "refusal-spike", "finish_reasons", $"if({Share(6, 100)}, ['content_filter'], ['stop'])", 100, 10, $"if({Share(5, 100)}, ['content_filter'], ['stop'])" },
        { "unknown-price", "cost_usd", "if(number = 0, NULL, toDecimal64(0.01, 12))", 30, 10, "toDecimal64(0.01, 12)" },
        { "pii-exposure", "flags", "if(number = 0, ['pii.email'], [])", 30, 5, "['end_before_start']" },
        { "daily-budget", "cost_usd", "toDecimal64(0.91, 12)", 100, 1, "toDecimal64(0.10, 12)" },
        { "slo-availability", "status", $"if({Share(20, 100)}, 'error', 'ok')", 400, 60, $"if({Share(1, 200)}, 'error', 'ok')" },
        { "slo-ttft", "ttft_ms", $"if({Share(80, 100)}, 3000, 300)", 400, 60, $"if({Share(4, 100)}, 3000, 300)" },
    };

    [Theory]
    [MemberData(nameof(CallRules))]
    public async Task A_rule_about_calls_fires_and_nearly_does_not(string rule, string columns, string values, int count, int minutes, string near)
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        var calls = new Calls(client);
        DateTimeOffset at = rule == "daily-budget" ? Noon : Now;
        await calls.InsertAsync(count, at, TimeSpan.FromMinutes(minutes), columns, values, "bad", cancellation: _cancellation);
        Evaluation bad = await EvaluateAsync(client, rule, at);
        Assert.Contains(bad.Samples, s => s.Verdict == Verdict.Breached);

        ClickHouseClient other = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        await new Calls(other).InsertAsync(count, at, TimeSpan.FromMinutes(minutes), columns, near, "near", cancellation: _cancellation);
        Evaluation good = await EvaluateAsync(other, rule, at);
        Assert.NotEmpty(good.Samples);
        Assert.DoesNotContain(good.Samples, s => s.Verdict == Verdict.Breached);
    }

    [Fact]
    public async Task Cost_per_request_is_compared_with_last_week()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        var calls = new Calls(client);
        foreach ((string service, string cost) in new[] { ("dearer", "0.016"), ("steady", "0.014") })
        {
            await calls.InsertAsync(60, Now.AddDays(-7), TimeSpan.FromMinutes(30), "cost_usd", "toDecimal64(0.01, 12)", service, cancellation: _cancellation);
            await calls.InsertAsync(60, Now, TimeSpan.FromMinutes(30), "cost_usd", $"toDecimal64({cost}, 12)", service, cancellation: _cancellation);
        }

        await calls.InsertAsync(60, Now, TimeSpan.FromMinutes(30), "cost_usd", "toDecimal64(9, 12)", "new", cancellation: _cancellation);
        Evaluation evaluation = await EvaluateAsync(client, "cost-per-request", Now);
        Assert.Equal(["dearer"], Breached(evaluation));
        Assert.Equal(1.6, evaluation.Samples.Single(s => s.Verdict == Verdict.Breached).Value!.Value, 6);
    }

    [Fact]
    public async Task Silence_is_told_of_services_that_were_heard_all_the_time()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        var calls = new Calls(client);
        await calls.InsertAsync(300, Now.AddDays(-7), TimeSpan.FromMinutes(60), service: "silent", cancellation: _cancellation);
        await calls.InsertAsync(300, Now.AddMinutes(-11), TimeSpan.FromMinutes(60), service: "silent", cancellation: _cancellation);
        await calls.InsertAsync(300, Now.AddMinutes(-9), TimeSpan.FromMinutes(60), service: "pausing", cancellation: _cancellation);
        await calls.InsertAsync(100, Now.AddMinutes(-11), TimeSpan.FromMinutes(60), service: "rare", cancellation: _cancellation);
        Assert.Equal(["silent"], Breached(await EvaluateAsync(client, "no-data", Now)));
    }

    [Theory]
    [InlineData(DayOfWeek.Thursday, "begun-yesterday, known-for-a-week")]
    [InlineData(DayOfWeek.Saturday, "known-for-a-week")]
    public async Task Silence_is_no_alarm_at_an_hour_that_is_quiet_or_that_is_not_known_yet(DayOfWeek day, string expected)
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        var calls = new Calls(client);
        DateTimeOffset now = Now.AddDays(-(((int)Now.DayOfWeek - (int)day + 7) % 7));
        async Task InsertAsync(string service, params DateTimeOffset[] ends)
        {
            foreach (DateTimeOffset end in ends.Append(now.AddMinutes(-11)))
            {
                await calls.InsertAsync(300, end, TimeSpan.FromMinutes(60), service: service, cancellation: _cancellation);
            }
        }

        await InsertAsync("begun-today");
        await InsertAsync("begun-yesterday", now.AddDays(-1));
        await InsertAsync("known-for-a-week", now.AddDays(-7));
        await InsertAsync("quiet-a-week-ago", now.AddDays(-7).AddHours(-5), now.AddDays(-1));
        Assert.Equal(expected, string.Join(", ", Breached(await EvaluateAsync(client, "no-data", now)).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task While_the_pipeline_stands_still_its_lag_is_told_and_not_silence()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        await new Calls(client).InsertAsync(300, Now.AddMinutes(-11), TimeSpan.FromMinutes(60), service: "silent", cancellation: _cancellation);
        await ReportAsync(client, 0, Now.AddSeconds(-30), 2);
        await ReportAsync(client, 1, Now.AddSeconds(-119), 2);
        Assert.DoesNotContain((await EvaluateAsync(client, "pipeline-lag", Now)).Samples, s => s.Verdict == Verdict.Breached);

        DateTimeOffset later = Now.AddSeconds(10);
        Assert.Single((await EvaluateAsync(client, "pipeline-lag", later)).Samples, s => s.Verdict == Verdict.Breached);
        DateTimeOffset? watermark = await new WatermarkReader(client).ReadAsync(later, _cancellation);
        Assert.Equal(Now.AddSeconds(-119), watermark);
        Evaluation silence = await new RuleEvaluator(client, TimeSpan.FromMinutes(1)).EvaluateAsync(Rules.Shipped("no-data"), new Moment(later, watermark, IsLive: true), _cancellation);
        Assert.Equal((0, Verdict.Unknown), (silence.Samples.Count, silence.Absent));
    }

    [Fact]
    public async Task A_partition_that_never_reported_holds_the_watermark_at_the_first_report()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        Assert.Null(await new WatermarkReader(client).ReadAsync(Now, _cancellation));
        await ReportAsync(client, 0, Now.AddMinutes(-10), 2);
        await ReportAsync(client, 0, Now, 2);
        Assert.True(await new WatermarkReader(client).ReadAsync(Now, _cancellation) <= Now.AddMinutes(-10));
    }

    [Fact]
    public async Task One_dead_letter_is_one_too_many_and_an_old_one_is_not()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        await client.ExecuteAsync(
            "INSERT INTO dead_letters (at, topic, reason, record) SELECT toDateTime({at:UInt32}), 'llm.spans', 'broken', ''",
            new Dictionary<string, object?> { ["at"] = (uint)Now.AddMinutes(-16).ToUnixTimeSeconds() }, _cancellation);
        Assert.DoesNotContain((await EvaluateAsync(client, "dead-letters", Now)).Samples, s => s.Verdict == Verdict.Breached);
        await client.ExecuteAsync(
            "INSERT INTO dead_letters (at, topic, reason, record) SELECT toDateTime({at:UInt32}), 'llm.spans', 'broken', ''",
            new Dictionary<string, object?> { ["at"] = (uint)Now.AddMinutes(-14).ToUnixTimeSeconds() }, _cancellation);
        Assert.Single((await EvaluateAsync(client, "dead-letters", Now)).Samples, s => s.Verdict == Verdict.Breached);
    }

    [Theory]
    [InlineData("positive-feedback", "user_feedback", 100, 79, 80)]
    [InlineData("safety-compliance", "safety", 400, 397, 398)]
    public async Task Shares_of_judgements_are_weighed_by_how_they_were_sampled(string rule, string name, int count, int passed, int nearlyPassed)
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        await ScoresAsync(client, "bad", name, count, passed);
        await ScoresAsync(client, "near", name, count, nearlyPassed);
        // A judgement of a rare sample stands for many calls.
        await ScoresAsync(client, "weighed", name, count, passed, probabilityOfPassed: 0.01);
        await ScoresAsync(client, "few", name, 10, 1);
        Assert.Equal(["bad"], Breached(await EvaluateAsync(client, rule, Now)));
    }

    [Fact]
    public async Task A_judge_that_people_no_longer_agree_with_is_told_and_one_that_few_have_checked_is_not()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        // Of four levels: agrees but for one pair in ten; says anything; says anything, of few.
        foreach ((string service, int count, string human) in new[] { ("agrees", 60, "if(number % 10 = 0, 1 - judged, judged)"), ("drifts", 60, "cityHash64(number, 3) % 4 / 3"), ("few", 40, "cityHash64(number, 3) % 4 / 3") })
        {
            await client.ExecuteAsync(
                $$"""
                INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, score_id, name, source, value)
                SELECT toDateTime({at:UInt32}) - number - 1, concat({service:String}, toString(number)), 's', 'default', {service:String}, concat(who, {service:String}, toString(number)), 'relevance', who, if(who = 'judge', judged, {{human}})
                FROM (SELECT number, number % 4 / 3 AS judged, arrayJoin(['judge', 'human']) AS who FROM numbers({count:UInt32}))
                """,
                new Dictionary<string, object?> { ["at"] = (uint)Now.ToUnixTimeSeconds(), ["service"] = service, ["count"] = count },
                _cancellation);
        }

        Evaluation evaluation = await EvaluateAsync(client, "judge-drift", Now);
        Assert.Equal(["drifts"], Breached(evaluation));
        Assert.InRange(evaluation.Samples.Single(s => s.Labels.Values["service"] == "agrees").Value!.Value, 0.6, 0.95);
    }

    [Fact]
    public async Task An_open_anomaly_of_the_severity_is_an_incident_with_its_traces_and_a_closed_one_is_not()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        await AnomalyAsync(client, "a", "open", "critical", 1, "bad");
        await AnomalyAsync(client, "b", "open", "warning", 1, "near");
        await AnomalyAsync(client, "c", "open", "critical", 1, "over");
        await AnomalyAsync(client, "c", "closed", "critical", 2, "over");
        Sample sample = Assert.Single((await EvaluateAsync(client, "anomaly", Now)).Samples);
        Assert.Equal("bad", sample.Labels.Values["service"]);
        Assert.Equal(["0af7651916cd43dd8448eb211c80319c"], sample.TraceIds);
        Assert.Equal("z = 9.2 against 4 weeks", sample.Text);
    }

    [Fact]
    public async Task A_budget_that_will_end_before_its_month_says_on_which_day()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync(TestContext.Current.CancellationToken);
        var at = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        // 168 USD in seven days is 1 USD an hour; 32 USD are left for 32 hours.
        await new Calls(client).InsertAsync(168, at, TimeSpan.FromDays(7), "cost_usd", "toDecimal64(1, 12)", cancellation: _cancellation);
        Rule rule = Rules.One("name: month, budget: { amount: 200, per: month, time_zone: Europe/Berlin, forecast: true }, group_by: [tenant]");
        Evaluation evaluation = await new RuleEvaluator(client, TimeSpan.FromMinutes(1)).EvaluateAsync(rule, new Moment(at, null, IsLive: false), _cancellation);
        Sample forecast = evaluation.Samples.Single(s => s.Labels.Values["budget"] == "forecast");
        Assert.Equal(Verdict.Breached, forecast.Verdict);
        Assert.Contains("at this rate ($1.00 an hour) the budget of $200 per month ends on the 22nd (Europe/Berlin); $168.00 is spent", forecast.Text, StringComparison.Ordinal);
        Assert.Equal(Verdict.Clear, evaluation.Samples.Single(s => s.Labels.Values["budget"] == "spent").Verdict);
    }

    private static DateTimeOffset Noon => Now.TimeOfDay > TimeSpan.FromHours(4) ? Now : Now.AddHours(-6);

    private static IEnumerable<string> Breached(Evaluation evaluation) =>
        evaluation.Samples.Where(s => s.Verdict == Verdict.Breached).Select(s => s.Labels.Values["service"]).Order(StringComparer.Ordinal);

    private Task<Evaluation> EvaluateAsync(ClickHouseClient client, string rule, DateTimeOffset at) =>
        new RuleEvaluator(client, TimeSpan.FromMinutes(1)).EvaluateAsync(Rules.Shipped(rule), new Moment(at, null, IsLive: false), _cancellation);

    private Task ReportAsync(ClickHouseClient client, int partition, DateTimeOffset passed, int partitions) => client.ExecuteAsync(
        """
        INSERT INTO span_log_progress (topic, partition, log_id, partitions, passed_at, processor, at)
        SELECT 'llm.spans', {partition:Int32}, 'log', {partitions:UInt32}, toDateTime({passed:UInt32}), 'p', toDateTime({passed:UInt32})
        """,
        new Dictionary<string, object?> { ["partition"] = partition, ["partitions"] = partitions, ["passed"] = (uint)passed.ToUnixTimeSeconds() },
        _cancellation);

    private Task ScoresAsync(ClickHouseClient client, string service, string name, int count, int passed, double probabilityOfPassed = 1) => client.ExecuteAsync(
        """
        INSERT INTO llm_scores (ts, trace_id, tenant, service, name, source, value, probability)
        SELECT toDateTime({at:UInt32}) - number, leftPad(toString(number), 32, '0'), 'default', {service:String}, {name:String}, 'user', number < {passed:UInt64}, if(number < {passed:UInt64}, {p:Float64}, 1)
        FROM numbers({count:UInt64})
        """,
        new Dictionary<string, object?> { ["at"] = (uint)Now.ToUnixTimeSeconds() - 1, ["service"] = service, ["name"] = name, ["passed"] = passed, ["count"] = count, ["p"] = probabilityOfPassed },
        _cancellation);

    private Task AnomalyAsync(ClickHouseClient client, string id, string state, string severity, int revision, string service) => client.ExecuteAsync(
        $$"""
        INSERT INTO llm_anomalies (anomaly_id, revision, state, opened_at, last_at, scope, service, metric, kind, direction, severity, observed, score, exemplars, why, at)
        SELECT {id:String}, {revision:UInt32}, '{{state}}', toDateTime({at:UInt32}) - 300, toDateTime({at:UInt32}), 'service', {service:String}, 'ttft_p95', 'shift', 'up', '{{severity}}', 1200, 9.2,
            ['0af7651916cd43dd8448eb211c80319c'], 'z = 9.2 against 4 weeks', toDateTime({at:UInt32})
        """,
        new Dictionary<string, object?> { ["id"] = id, ["revision"] = revision, ["service"] = service, ["at"] = (uint)Now.ToUnixTimeSeconds() },
        _cancellation);
}
