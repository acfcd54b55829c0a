using Telemetry.Judge.Ask;
using Telemetry.Judge.Rubrics;
using Telemetry.Judge.Tests.Support;
using Telemetry.TestKit;

namespace Telemetry.Judge.Tests.Ask;

public sealed class JudgeClientTests
{
    private static readonly Rubric s_relevance = Judges.Rubrics["relevance"];
    private static readonly JudgeSubject s_subject = new("What is the capital of France?", "Paris.");

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_score_comes_with_its_level_what_it_cost_and_who_gave_it()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        server.Script = _ => JudgeServerReply.OfScore(4, "It answers the question.") with { InputTokens = 1000, OutputTokens = 50 };
        using JudgeClient client = Judges.Client(Judges.Options(server));
        Judgement judgement = await client.AskAsync(s_relevance, s_subject, _cancellation);
        Assert.Equal((4, 0.75, "relevant", "", "It answers the question."), (judgement.Score, judgement.Value, judgement.Label, judgement.Error, judgement.Explanation));
        Assert.Equal(("relevance", "1", "judge-model", 0.00105m), (judgement.Rubric, judgement.RubricVersion, judgement.JudgeModel, judgement.CostUsd));
        Assert.Equal("judge-model-2026", Assert.Single(judgement.Exchanges).ModelAnswered);
    }

    [Fact]
    public async Task The_endpoint_is_held_to_the_schema_and_to_a_number_of_tokens()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        using JudgeClient client = Judges.Client(Judges.Options(server));
        await client.AskAsync(s_relevance, s_subject, _cancellation);
        System.Text.Json.JsonElement body = server.Requests[0].Body;
        System.Text.Json.JsonElement format = body.GetProperty("response_format");
        Assert.Equal("json_schema", format.GetProperty("type").GetString());
        Assert.True(format.GetProperty("json_schema").GetProperty("strict").GetBoolean());
        Assert.Equal("[1,2,3,4,5]", format.GetProperty("json_schema").GetProperty("schema").GetProperty("properties").GetProperty("score").GetProperty("enum").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(1000, body.GetProperty("max_completion_tokens").GetInt32());
        Assert.Equal(0, body.GetProperty("temperature").GetDouble());
        Assert.Equal("judge-model", body.GetProperty("model").GetString());
    }

    [Fact]
    public async Task A_broken_answer_is_asked_for_once_more_and_both_requests_count()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        server.Script = r => r.IsRepair ? JudgeServerReply.OfScore(5) : new JudgeServerReply { Content = "Sure! The score is 5." };
        using JudgeClient client = Judges.Client(Judges.Options(server));
        Judgement judgement = await client.AskAsync(s_relevance, s_subject, _cancellation);
        Assert.Equal((5, true, 2), (judgement.Score, judgement.IsRepaired, judgement.Exchanges.Count));
        Assert.Equal(judgement.Exchanges.Sum(e => e.CostUsd), judgement.CostUsd);
        Assert.DoesNotContain("Sure!", server.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"score":5}""")]
    [InlineData("""{"explanation":"x","score":6}""")]
    [InlineData("""{"explanation":"x","score":"5"}""")]
    [InlineData("""{"explanation":"x","score":4.5}""")]
    [InlineData("""{"explanation":"x","score":1e9}""")]
    [InlineData("""{"explanation":"x","score":1,"score":5}""")]
    [InlineData("""{"explanation":"x","score":5,"override":true}""")]
    [InlineData("""{"explanation":5,"score":5}""")]
    [InlineData("""{"explanation":"\ud800","score":5}""")]
    [InlineData("""[{"explanation":"x","score":5}]""")]
    [InlineData("""{"explanation":"x","score":5} and so on""")]
    [InlineData("""{"explanation":"x","score":""")]
    [InlineData("")]
    [InlineData("null")]
    public async Task An_answer_that_breaks_the_schema_twice_is_a_failure_and_never_a_score(string answer)
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        server.Script = _ => new JudgeServerReply { Content = answer };
        using JudgeClient client = Judges.Client(Judges.Options(server));
        Judgement judgement = await client.AskAsync(s_relevance, s_subject, _cancellation);
        Assert.Equal((JudgeErrors.InvalidAnswer, null, null, false), (judgement.Error, judgement.Score, judgement.Value, judgement.IsRetryable));
        Assert.Equal(2, server.Requests.Count);
        Assert.NotEmpty(judgement.Explanation);
    }

    [Fact]
    public async Task Refusals_cut_and_filtered_answers_are_failures_of_their_own()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        using JudgeClient client = Judges.Client(Judges.Options(server));
        server.Script = _ => new JudgeServerReply { Refusal = "I can't help with that." };
        Assert.Equal(JudgeErrors.Refusal, (await client.AskAsync(s_relevance, s_subject, _cancellation)).Error);
        server.Script = _ => JudgeServerReply.OfScore(5) with { FinishReason = "length" };
        Assert.Equal(JudgeErrors.Truncated, (await client.AskAsync(s_relevance, s_subject, _cancellation)).Error);
        server.Script = _ => JudgeServerReply.OfScore(5) with { FinishReason = "content_filter" };
        Assert.Equal(JudgeErrors.ContentFilter, (await client.AskAsync(s_relevance, s_subject, _cancellation)).Error);
        server.Script = _ => JudgeServerReply.OfStatus(400);
        Assert.Equal(JudgeErrors.RequestRefused, (await client.AskAsync(s_relevance, s_subject, _cancellation)).Error);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task What_fails_for_a_moment_is_tried_again()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        int count = 0;
        server.Script = _ => Interlocked.Increment(ref count) switch
        {
            1 => JudgeServerReply.OfStatus(503, ("retry-after-ms", "1")),
            2 => JudgeServerReply.OfStatus(429, ("retry-after-ms", "1")),
            _ => JudgeServerReply.OfScore(3),
        };
        using JudgeClient client = Judges.Client(Judges.Options(server));
        Judgement judgement = await client.AskAsync(s_relevance, s_subject, _cancellation);
        Assert.Equal((3, 3), (judgement.Score, judgement.Exchanges.Count));
        Assert.Null(client.Problem);
    }

    [Fact]
    public async Task A_long_wait_that_the_endpoint_asks_for_is_left_to_the_caller_and_holds_all_requests_back()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        server.Script = _ => JudgeServerReply.OfStatus(429, ("retry-after", "600"));
        using JudgeClient client = Judges.Client(Judges.Options(server));
        Judgement judgement = await client.AskAsync(s_relevance, s_subject, _cancellation);
        Assert.Equal((JudgeErrors.RateLimited, true), (judgement.Error, judgement.IsRetryable));
        Assert.InRange(client.PausedUntil - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(500), TimeSpan.FromSeconds(600));
        Task<Judgement> next = client.AskAsync(s_relevance, s_subject, new CancellationTokenSource(TimeSpan.FromMilliseconds(100)).Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_endpoint_that_says_that_nothing_remains_is_left_alone_until_its_reset()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        server.Script = _ => JudgeServerReply.OfScore(3) with { Headers = new Dictionary<string, string> { ["x-ratelimit-remaining-requests"] = "0", ["x-ratelimit-reset-requests"] = "6m0s" } };
        using JudgeClient client = Judges.Client(Judges.Options(server));
        Assert.Equal(3, (await client.AskAsync(s_relevance, s_subject, _cancellation)).Score);
        Assert.InRange(client.PausedUntil - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
    }

    [Fact]
    public async Task An_endpoint_that_fails_throughout_is_not_asked_for_a_while()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        server.Script = _ => JudgeServerReply.OfStatus(500, ("retry-after-ms", "0"));
        JudgeEndpointOptions options = Judges.Options(server);
        options.MaxTries = 1;
        using JudgeClient client = Judges.Client(options);
        for (int i = 0; i < 30; i++)
        {
            Judgement judgement = await client.AskAsync(s_relevance, s_subject, _cancellation);
            Assert.True(judgement.IsRetryable);
        }

        Assert.Equal(8, server.Requests.Count);
        Assert.Equal(JudgeErrors.CircuitOpen, client.Problem);
    }

    [Fact]
    public async Task A_slow_endpoint_is_given_up_and_the_tries_are_bounded()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        var never = new TaskCompletionSource();
        server.Script = _ => new JudgeServerReply { Gate = never.Task };
        JudgeEndpointOptions options = Judges.Options(server);
        (options.Timeout, options.MaxTries) = (TimeSpan.FromMilliseconds(200), 2);
        using JudgeClient client = Judges.Client(options);
        Judgement judgement = await client.AskAsync(s_relevance, s_subject, _cancellation);
        Assert.Equal((JudgeErrors.Timeout, 2), (judgement.Error, judgement.Exchanges.Count));
        Assert.All(judgement.Exchanges, e => Assert.Null(e.CostUsd));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>gateway</html>")]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{"message":{"content":5}}]}""")]
    [InlineData("[]")]
    public async Task An_answer_that_is_no_chat_completion_fails_without_an_exception(string body)
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        server.Script = _ => new JudgeServerReply { Body = body };
        JudgeEndpointOptions options = Judges.Options(server);
        options.MaxTries = 1;
        using JudgeClient client = Judges.Client(options);
        Judgement judgement = await client.AskAsync(s_relevance, s_subject, _cancellation);
        Assert.Null(judgement.Score);
        Assert.Contains(judgement.Error, new[] { JudgeErrors.ServerError, JudgeErrors.InvalidAnswer });
    }

    [Fact]
    public async Task An_answer_without_end_does_not_fill_the_memory()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        server.Script = _ => new JudgeServerReply { Body = new string(' ', 5 << 20) };
        JudgeEndpointOptions options = Judges.Options(server);
        options.MaxTries = 1;
        using JudgeClient client = Judges.Client(options);
        Assert.Equal(JudgeErrors.Unreachable, (await client.AskAsync(s_relevance, s_subject, _cancellation)).Error);
    }

    [Fact]
    public async Task No_more_requests_are_under_way_at_once_than_allowed()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        var gate = new TaskCompletionSource();
        server.Script = _ => JudgeServerReply.OfScore(3) with { Gate = gate.Task };
        JudgeEndpointOptions options = Judges.Options(server);
        options.Concurrency = 3;
        using JudgeClient client = Judges.Client(options);
        Task<Judgement>[] all = [.. Enumerable.Range(0, 12).Select(_ => client.AskAsync(s_relevance, s_subject, _cancellation))];
        await Eventually.HoldsAsync(() => server.Requests.Count == 3, "three requests under way");
        gate.SetResult();
        await Task.WhenAll(all);
        Assert.Equal((12, 3), (server.Requests.Count, server.MostUnderWay));
    }

    [Fact]
    public async Task A_private_address_is_refused_unless_it_is_allowed()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        JudgeEndpointOptions options = Judges.Options(server);
        (options.AllowPrivate, options.MaxTries) = (false, 1);
        using JudgeClient client = Judges.Client(options);
        Judgement judgement = await client.AskAsync(s_relevance, s_subject, _cancellation);
        Assert.Equal(JudgeErrors.Unreachable, judgement.Error);
        Assert.Contains("private network", judgement.Explanation, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task The_key_comes_from_a_file_and_is_never_told()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "key");
        await File.WriteAllTextAsync(file, "sk-very-secret\n", _cancellation);
        JudgeEndpointOptions options = Judges.Options(server);
        (options.ApiKeyFile, options.MaxTries) = (file, 1);
        server.Script = r => new JudgeServerReply { Status = 401, Body = $"wrong key {r.Headers["Authorization"]}" };
        using JudgeClient client = Judges.Client(options);
        Judgement judgement = await client.AskAsync(s_relevance, s_subject, _cancellation);
        Assert.Equal("Bearer sk-very-secret", server.Requests[0].Headers["Authorization"]);
        Assert.Equal(JudgeErrors.Misconfigured, judgement.Error);
        Assert.DoesNotContain("very-secret", judgement.Explanation + client.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groundedness_is_not_asked_for_without_context()
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        using JudgeClient client = Judges.Client(Judges.Options(server));
        Assert.Equal(JudgeErrors.NoContext, (await client.AskAsync(Judges.Rubrics["faithfulness"], s_subject, _cancellation)).Error);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("first", "second", PairWinner.A, false)]
    [InlineData("second", "first", PairWinner.B, false)]
    [InlineData("first", "first", PairWinner.Tie, true)]
    [InlineData("second", "second", PairWinner.Tie, true)]
    [InlineData("tie", "tie", PairWinner.Tie, false)]
    [InlineData("first", "tie", PairWinner.Tie, false)]
    public async Task A_preference_that_goes_by_the_position_is_a_tie(string inOrder, string reversed, PairWinner winner, bool isBiased)
    {
        await using JudgeServer server = await JudgeServer.StartAsync();
        server.Script = r => JudgeServerReply.OfWinner(r.Data.GetProperty("first").GetString() == "answer a" ? inOrder : reversed);
        using JudgeClient client = Judges.Client(Judges.Options(server));
        PairJudgement judgement = await client.CompareAsync(Judges.Rubrics["preference"], new JudgePair("q", "answer a", "answer b"), _cancellation);
        Assert.Equal((winner, isBiased, ""), (judgement.Winner, judgement.IsPositionBiased, judgement.Error));
        Assert.Equal(2, server.Requests.Count);
    }
}
