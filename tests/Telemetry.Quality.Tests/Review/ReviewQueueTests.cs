using System.Globalization;
using Telemetry.ClickHouse.Client;
using Telemetry.Quality.Agree;
using Telemetry.Quality.Review;
using Telemetry.Quality.Tests.Support;

namespace Telemetry.Quality.Tests.Review;

public sealed class ReviewQueueTests(ClickHouseFixture clickHouse)
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disagreements_and_low_scores_come_into_the_queue_and_what_all_agree_on_does_not()
    {
        ClickHouseClient client = await CallsAsync(8);
        await ScoreAsync(client, 0, "judge", 1);
        await ScoreAsync(client, 0, "user", 0);
        await ScoreAsync(client, 1, "judge", 0.25);
        await ScoreAsync(client, 2, "judge", 1);
        await ScoreAsync(client, 2, "user", 1);
        await ScoreAsync(client, 3, "user", 0);
        await ScoreAsync(client, 4, "judge", 0.75);
        await ScoreAsync(client, 4, "rule", 1);
        await ScoreAsync(client, 5, "judge", 0);
        await ScoreAsync(client, 5, "human", 0);

        IReadOnlyList<ReviewItem> items = await new ReviewQueue(client).ListAsync(new ReviewOptions { RandomShare = 0 }, Now, 50, _cancellation);

        Assert.Equal(["0 disagreement", "1 low_score", "3 low_score", "4 disagreement"], items.Select(i => $"{int.Parse(i.SpanId, NumberStyles.HexNumber, CultureInfo.InvariantCulture)} {i.Reason}").Order(StringComparer.Ordinal));
        // Reasons take turns.
        Assert.NotEqual(items[0].Reason, items[1].Reason);
        Assert.Equal(["relevance"], items.Single(i => i.SpanId.EndsWith('1')).Rubrics);
    }

    [Fact]
    public async Task The_random_share_is_chosen_by_the_id_alone_and_is_about_as_large_as_asked()
    {
        ClickHouseClient client = await CallsAsync(2000);
        await client.ExecuteAsync("INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, score_id, name, source, value) SELECT ts, trace_id, span_id, tenant, service, trace_id, 'relevance', 'judge', 0.5 FROM llm_calls WHERE span_id != '0000000000000000'", null, _cancellation);
        var queue = new ReviewQueue(client);
        IReadOnlyList<ReviewItem> first = await queue.ListAsync(new ReviewOptions { RandomShare = 0.1 }, Now, 1000, _cancellation);
        Assert.InRange(first.Count, 150, 250);
        Assert.All(first, i => Assert.Equal((ReviewReasons.Random, 0.1), (i.Reason, i.Probability)));

        // Bad scores do not change who is in it, or in which order.
        await client.ExecuteAsync("INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, score_id, name, source, value) SELECT now(), trace_id, span_id, tenant, service, trace_id, 'relevance', 'judge', 0 FROM llm_calls WHERE cityHash64(trace_id) % 2 = 0", null, _cancellation);
        IReadOnlyList<ReviewItem> second = await queue.ListAsync(new ReviewOptions { RandomShare = 0.1, Reason = ReviewReasons.Random }, Now, 1000, _cancellation);
        Assert.Equal(first.Select(i => i.SpanId), second.Select(i => i.SpanId));
    }

    [Fact]
    public async Task Reviewers_who_ask_at_once_get_different_answers_and_nobody_gets_what_is_done()
    {
        ClickHouseClient client = await CallsAsync(6);
        for (int i = 0; i < 6; i++)
        {
            await ScoreAsync(client, i, "judge", 0);
        }

        var queue = new ReviewQueue(client);
        var options = new ReviewOptions { RandomShare = 0 };
        ClaimedItem?[] claimed = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => queue.ClaimNextAsync(options, $"reviewer{i}", Now, _cancellation)));
        string[] given = [.. claimed.Where(c => c is not null).Select(c => c!.Item.SpanId)];
        Assert.NotEmpty(given);
        Assert.Equal(given.Length, given.Distinct().Count());

        ClaimedItem mine = claimed.First(c => c is not null)!;
        Assert.Contains("Paris", mine.OutputMessages, StringComparison.Ordinal);
        Assert.Equal(0, Assert.Single(mine.Opinions).Value);
        Assert.True(await queue.ScoreAsync(new ReviewVerdict(mine.Item.TraceId, mine.Item.SpanId, "relevance", "ann", 0.5, "", "so so"), Now, _cancellation));
        Assert.True(await queue.ScoreAsync(new ReviewVerdict(mine.Item.TraceId, mine.Item.SpanId, "relevance", "ann", 0.75, "", "on second thoughts"), Now.AddSeconds(1), _cancellation));
        await queue.SkipAsync(given[^1] == mine.Item.SpanId ? mine.Item.TraceId : claimed.Last(c => c is not null)!.Item.TraceId, given[^1], "ann", _cancellation);
        Assert.False(await queue.ScoreAsync(new ReviewVerdict("nobody", "knows", "relevance", "ann", 1, "", ""), Now, _cancellation));

        ClickHouseResult stored = await client.QueryAsync("SELECT value, author, service FROM llm_scores_now WHERE source = 'human'", null, _cancellation);
        Assert.Equal((0.75, "ann", "shop"), (stored.Rows[0].GetDouble("value"), stored.Rows[0].GetString("author"), stored.Rows[0].GetString("service")));
        Assert.Single(stored.Rows);
        Assert.DoesNotContain(await queue.ListAsync(options, Now, 50, _cancellation), i => given.Contains(i.SpanId));
    }

    [Fact]
    public async Task A_claim_ends_by_itself()
    {
        ClickHouseClient client = await CallsAsync(1);
        await ScoreAsync(client, 0, "judge", 0);
        var queue = new ReviewQueue(client);
        Assert.NotNull(await queue.ClaimNextAsync(new ReviewOptions { RandomShare = 0, ClaimFor = TimeSpan.Zero }, "ann", Now, _cancellation));
        Assert.NotNull(await queue.ClaimNextAsync(new ReviewOptions { RandomShare = 0 }, "bob", Now, _cancellation));
        Assert.Null(await queue.ClaimNextAsync(new ReviewOptions { RandomShare = 0 }, "cid", Now, _cancellation));
    }

    [Fact]
    public async Task Agreement_pairs_each_judge_with_people_and_view_and_library_agree()
    {
        ClickHouseClient client = await CallsAsync(40);
        for (int i = 0; i < 40; i++)
        {
            double judged = i % 5 / 4.0;
            await ScoreAsync(client, i, "judge", judged, "v1", "m1");
            await ScoreAsync(client, i, "judge", 1 - judged, "v1", "m2");
            await ScoreAsync(client, i, "human", i % 8 == 0 ? Math.Min(1, judged + 0.25) : judged);
        }

        IReadOnlyList<Agreement> all = await new AgreementReader(client).ReadAsync("relevance", Now.AddDays(-1), onlyRandom: false, _cancellation);
        Assert.Equal(["m1", "m2"], all.Select(a => a.JudgeModel));
        Agreement good = all[0];
        Assert.Equal((40, "v1", 0.9), (good.Pairs, good.RubricVersion, Math.Round(good.Kappa!.Agreement, 9)));
        Assert.True(good.WeightedKappa!.Value > good.Kappa.Value && good.Correlations.Spearman > 0.9 && all[1].WeightedKappa!.Value < 0);
        Assert.True(good.Bias < 0);
        ClickHouseRow row = (await client.QueryAsync("SELECT kappa, pearson, bias, toInt64(pairs) AS pairs, toInt64(random_pairs) AS random_pairs FROM llm_judge_agreement WHERE judge_model = 'm1'", null, _cancellation)).Rows[0];
        Assert.Equal((good.WeightedKappa.Value!.Value, good.Correlations.Pearson!.Value, good.Bias!.Value), (row.GetDouble("kappa"), row.GetDouble("pearson"), row.GetDouble("bias")), Near);
        Assert.Equal((40L, 0L), (row.GetInt64("pairs"), row.GetInt64("random_pairs")));
        Assert.Empty(await new AgreementReader(client).ReadAsync("relevance", Now.AddDays(-1), onlyRandom: true, _cancellation));
    }

    private static bool Near((double, double, double) a, (double, double, double) b) =>
        Math.Abs(a.Item1 - b.Item1) < 1e-9 && Math.Abs(a.Item2 - b.Item2) < 1e-9 && Math.Abs(a.Item3 - b.Item3) < 1e-9;

    private async Task<ClickHouseClient> CallsAsync(int count)
    {
        ClickHouseClient client = await clickHouse.NewDatabaseAsync();
        var parameters = new Dictionary<string, object?> { ["count"] = count };
        await client.ExecuteAsync(
            "INSERT INTO llm_calls (ts, trace_id, span_id, tenant, service, status) SELECT now() - 100, leftPad(lower(hex(number + 1)), 32, '0'), leftPad(lower(hex(number)), 16, '0'), 'default', 'shop', 'ok' FROM numbers({count:UInt32})", parameters, _cancellation);
        await client.ExecuteAsync(
            """
            INSERT INTO llm_content (ts, trace_id, span_id, tenant, service, input_messages, output_messages)
            SELECT ts, trace_id, span_id, tenant, service, '[{"role":"user","parts":[{"type":"text","content":"Capital of France?"}]}]', '[{"role":"assistant","parts":[{"type":"text","content":"Paris"}]}]' FROM llm_calls
            """,
            null,
            _cancellation);
        return client;
    }

    private Task ScoreAsync(ClickHouseClient client, int call, string source, double value, string version = "", string model = "") => client.ExecuteAsync(
        """
        INSERT INTO llm_scores (ts, trace_id, span_id, tenant, service, score_id, name, source, value, rubric_version, judge_model)
        SELECT now() - 50, leftPad(lower(hex({call:UInt32} + 1)), 32, '0'), leftPad(lower(hex({call:UInt32})), 16, '0'), 'default', 'shop', {id:String}, 'relevance', {source:String}, {value:Float64}, {version:String}, {model:String}
        """,
        new Dictionary<string, object?> { ["call"] = call, ["source"] = source, ["value"] = value, ["version"] = version, ["model"] = model, ["id"] = source == "rule" ? "" : $"{call}{source}{model}" },
        _cancellation);
}
