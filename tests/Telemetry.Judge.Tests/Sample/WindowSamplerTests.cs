using Telemetry.ClickHouse.Client;
using Telemetry.Judge.Rubrics;
using Telemetry.Judge.Sample;
using Telemetry.Judge.Tests.Support;
using Telemetry.TestKit;

namespace Telemetry.Judge.Tests.Sample;

public sealed class WindowSamplerTests(ClickHouseFixture clickHouse) : IClassFixture<ClickHouseFixture>
{
    private static readonly DateTimeOffset s_window = ClosedWindows.Floor(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(10));

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_call_is_sampled_by_the_first_rule_that_fits_it()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        var calls = new Calls(client);
        await calls.InsertAsync(10, s_window, status: "error", cancellation: _cancellation);
        await calls.InsertAsync(10, s_window, flags: ["refusal"], cancellation: _cancellation);
        await calls.InsertAsync(1000, s_window, flags: ["pii_prompt_email"], kept: 0.5, cancellation: _cancellation);
        await calls.InsertAsync(7, s_window, status: "error", answer: "", cancellation: _cancellation);
        await calls.InsertAsync(100, s_window, service: WindowSql.OwnService, cancellation: _cancellation);
        SampledWindow window = await Sampler(client).SampleAsync(Rules(), s_window, double.MaxValue, _cancellation);
        Assert.Equal(1027, window.Calls);
        ClickHouseResult rows = await client.QueryAsync(
            "SELECT rule, count() AS n, min(probability) AS least, max(probability) AS most, max(position) AS last, min(probability_sampled) AS sampled FROM llm_judge_requests GROUP BY rule ORDER BY rule", null, _cancellation);
        Assert.Equal(["default", "errors", "flagged"], rows.Rows.Select(r => r.GetString("rule")));
        Assert.Equal([10, 10], rows.Rows.Skip(1).Select(r => r.GetInt64("n")));
        Assert.All(rows.Rows.Skip(1), r => Assert.Equal(1, r.GetDouble("least")));

        // 1000 calls with probability 0.1: 95 ± 10 of them, each with its true probability, that of its messages being kept included.
        Assert.InRange(rows.Rows[0].GetInt64("n"), 55, 150);
        Assert.Equal((0.05, 0.05, 0.1), (rows.Rows[0].GetDouble("least"), rows.Rows[0].GetDouble("most"), rows.Rows[0].GetDouble("sampled")));
        Assert.True(rows.Rows[0].GetDouble("last") < 0.1);
    }

    [Fact]
    public async Task A_replay_and_a_second_instance_sample_the_same_and_write_it_once()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        var calls = new Calls(client);
        await calls.InsertAsync(500, s_window, cancellation: _cancellation);
        SampledWindow first = await Sampler(client).SampleAsync(Rules(), s_window, double.MaxValue, _cancellation);
        string before = await DigestAsync(client);

        // Later, with another allowance: what was noted stands.
        SampledWindow second = await Sampler(client).SampleAsync(Rules(), s_window, 1, _cancellation);
        SampledWindow[] others = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Sampler(client).SampleAsync(Rules(), s_window, 1000, _cancellation)));
        Assert.Equal(before, await DigestAsync(client));
        Assert.All(others.Append(second), w => Assert.Equal(first, w));
        Assert.Equal(1, (await client.QueryAsync("SELECT count() AS n FROM llm_judge_windows", null, _cancellation)).Rows[0].GetInt64("n"));
    }

    [Fact]
    public async Task Two_instances_that_plan_at_once_with_different_budgets_agree()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await new Calls(client).InsertAsync(2000, s_window, cancellation: _cancellation);
        await Task.WhenAll(Enumerable.Range(1, 6).Select(i => Sampler(client).SampleAsync(Rules(), s_window, 20 * i, _cancellation)));
        ClickHouseRow row = (await client.QueryAsync("SELECT uniqExact(probability) AS plans, count() AS strata FROM llm_judge_strata", null, _cancellation)).Rows[0];
        Assert.Equal((1, 1), (row.GetInt64("plans"), row.GetInt64("strata")));
        row = (await client.QueryAsync("SELECT uniqExact(trace_id, rubric) AS distinct_requests, count() AS requests, uniqExact(probability) AS probabilities FROM llm_judge_requests", null, _cancellation)).Rows[0];
        Assert.Equal((row.GetInt64("requests"), 1), (row.GetInt64("distinct_requests"), row.GetInt64("probabilities")));
    }

    [Fact]
    public async Task A_smaller_probability_samples_a_part_of_what_a_greater_one_does()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        ClickHouseClient other = await clickHouse.NewDatabaseAsync();
        await new Calls(client).InsertAsync(2000, s_window, cancellation: _cancellation);
        await new Calls(other).InsertAsync(2000, s_window, cancellation: _cancellation);
        await Sampler(client).SampleAsync([Sampling.Rule("default", 0.5)], s_window, double.MaxValue, _cancellation);
        await Sampler(other).SampleAsync([Sampling.Rule("default", 0.1)], s_window, double.MaxValue, _cancellation);
        HashSet<string> many = await TracesAsync(client);
        HashSet<string> few = await TracesAsync(other);
        Assert.InRange(few.Count, 150, 250);
        Assert.True(few.IsSubsetOf(many));
    }

    [Fact]
    public async Task Places_are_uniform_and_have_nothing_to_do_with_whose_messages_are_kept()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();

        // Ten parts of a uniform position, within the traces of the lower half by murmur2 as well as within all.
        ClickHouseResult rows = await client.QueryAsync(
            $$"""
            SELECT intDiv(toUInt32(position * 100), 10) AS tenth, count() AS n, countIf(kept < 2147483648) AS half, max(position) AS most
            FROM (SELECT {{SamplingKey.PositionSql}} AS position, murmurHash2_32(unhex(trace_id)) AS kept FROM (SELECT lower(hex(sipHash128(number))) AS trace_id FROM numbers(100000)))
            GROUP BY tenth ORDER BY tenth
            """,
            new Dictionary<string, object?> { ["key_first"] = Sampling.Key.First, ["key_second"] = Sampling.Key.Second }, _cancellation);
        Assert.Equal(10, rows.Rows.Count);

        // Five standard deviations of 10000 ± 95 and 5000 ± 69.
        Assert.All(rows.Rows, r => Assert.InRange(r.GetInt64("n"), 9525, 10475));
        Assert.All(rows.Rows, r => Assert.InRange(r.GetInt64("half"), 4655, 5345));
        Assert.True(rows.Rows[^1].GetDouble("most") < 1);
    }

    [Fact]
    public async Task Calls_that_were_taken_back_or_priced_anew_are_not_sampled_again()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        await new Calls(client).InsertAsync(3, s_window, status: "error", cancellation: _cancellation);
        await client.ExecuteAsync(
            "INSERT INTO llm_calls SELECT * REPLACE (-1 AS sign) FROM llm_calls WHERE trace_id = {trace:String}", new Dictionary<string, object?> { ["trace"] = Calls.Trace(0) }, _cancellation);
        await client.ExecuteAsync(
            "INSERT INTO llm_calls SELECT * REPLACE (1 AS revision) FROM llm_calls WHERE trace_id = {trace:String}", new Dictionary<string, object?> { ["trace"] = Calls.Trace(1) }, _cancellation);
        await Sampler(client).SampleAsync(Rules(), s_window, double.MaxValue, _cancellation);
        Assert.Equal([Calls.Trace(1), Calls.Trace(2)], (await TracesAsync(client)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_version_that_was_there_before_is_not_new()
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        var calls = new Calls(client);
        await calls.InsertAsync(1, s_window - TimeSpan.FromDays(20), version: "old", cancellation: _cancellation);
        await calls.InsertAsync(5, s_window, version: "old", cancellation: _cancellation);
        await calls.InsertAsync(5, s_window, version: "new", cancellation: _cancellation);
        await calls.InsertAsync(5, s_window, version: "", cancellation: _cancellation);
        await Sampler(client).SampleAsync(Rules(), s_window, double.MaxValue, _cancellation);
        ClickHouseResult rows = await client.QueryAsync("SELECT prompt_version, rule FROM llm_judge_strata ORDER BY prompt_version", null, _cancellation);
        Assert.Equal([("", "default"), ("new", "new-version"), ("old", "default")], rows.Rows.Select(r => (r.GetString("prompt_version"), r.GetString("rule"))));
    }

    [Theory]
    [InlineData("share: 100%", "share: 120%", "share = \"120%\"; allowed: a number from 0 to 1")]
    [InlineData("rubrics: [relevance]", "rubrics: [relevence]", "rubrics = \"relevence\"; allowed: rubrics that score an answer without a reference: coherence")]
    [InlineData("rubrics: [relevance]", "rubrics: [preference]", "rubrics = \"preference\"")]
    [InlineData("status: error", "status: failed", "status = \"failed\"; allowed: ok, error")]
    [InlineData("status: error", "state: error", "unknown field \"state\"")]
    [InlineData("name: default", "name: errors", "a rule \"errors\" stands at")]
    public void What_is_wrong_in_the_rules_is_told_with_its_place(string right, string wrong, string message)
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "sampling.yaml");
        const string Good = "rules:\n  - { name: errors, status: error, share: 100%, rubrics: [relevance] }\n  - { name: default, share: 10%, rubrics: [safety] }\n";
        File.WriteAllText(path, Good);
        Assert.Equal(2, SamplingReader.Read(path, Judges.Rubrics).Count);
        File.WriteAllText(path, Good.Replace(right, wrong, StringComparison.Ordinal));
        RuleFileException e = Assert.Throws<RuleFileException>(() => SamplingReader.Read(path, Judges.Rubrics));
        Assert.Contains(e.Errors, x => x.StartsWith(path + ":", StringComparison.Ordinal) && x.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_shipped_rules_are_read()
    {
        IReadOnlyList<SamplingRule> rules = SamplingReader.Read(SamplingReader.ShippedFile, RubricReader.Read(RubricReader.ShippedDirectory));
        Assert.Equal(["errors", "flagged", "new-version", "default"], rules.Select(r => r.Name));
        Assert.Equal([1, 1, 0.5, 0.1], rules.Select(r => r.Share));
    }

    private static WindowSampler Sampler(ClickHouseClient client) => new(client, Sampling.Key, "one");

    private static SamplingRule[] Rules() =>
    [
        Sampling.Rule("errors", 1) with { Status = "error" }, Sampling.Rule("flagged", 1) with { IsFlagged = true },
        Sampling.Rule("new-version", 0.1) with { VersionYoungerThan = TimeSpan.FromDays(7), Filters = [("prompt_version", ["new", "old", ""])] }, Sampling.Rule("default", 0.1),
    ];

    private async Task<string> DigestAsync(ClickHouseClient client) => (await client.QueryAsync(
        "SELECT toString(cityHash64(groupArray(tuple(r.*)))) AS digest FROM (SELECT * FROM llm_judge_requests ORDER BY trace_id, span_id, rubric) AS r", null, _cancellation)).Rows[0].GetString("digest");

    private async Task<HashSet<string>> TracesAsync(ClickHouseClient client) =>
        [.. (await client.QueryAsync("SELECT DISTINCT trace_id FROM llm_judge_requests", null, _cancellation)).Rows.Select(r => r.GetString("trace_id"))];
}
