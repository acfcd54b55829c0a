using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Telemetry.Judge.Ask;
using Telemetry.Judge.Rubrics;
using Telemetry.Quality.Evaluate;
using Telemetry.Quality.Tests.Support;

namespace Telemetry.Quality.Tests.Evaluate;

public sealed class EvalRunnerTests(ClickHouseFixture clickHouse)
{
    private static readonly IReadOnlyList<EvalCase> Cases = EvalSetReader.Parse("set",
    [
        """{"id":"capital","input":"Capital of France?","variables":{"tone":"kind"},"expect":{"contains":"Paris"}}""",
        """{"id":"tool","input":"Find it","variables":{"tone":"dry"},"tools":[{"type":"function","function":{"name":"search"}}],"expect":{"tool_called":"search"}}""",
        """{"id":"judged","input":"Why?","variables":{"tone":"kind"},"expect":{"rubric":{"relevance":0.5}}}""",
    ]);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cases_are_asked_with_their_prompt_checked_judged_repeated_and_stored()
    {
        await using ScriptedEndpoint endpoint = await ScriptedEndpoint.StartAsync();
        endpoint.Answer = (request, before) => request.TryGetProperty("tools", out JsonElement tools) ? (200, ScriptedEndpoint.Said("", "tool_calls", "search")) : (200, ScriptedEndpoint.Said("It is Paris."));
        await using ScriptedEndpoint judgeEndpoint = await ScriptedEndpoint.StartAsync();
        judgeEndpoint.Answer = (_, before) => (200, ScriptedEndpoint.Said($$"""{"explanation":"as asked","score":{{(before == 0 ? 5 : 1)}}}"""));
        using JudgeClient judge = Judge(judgeEndpoint);
        using var client = new EvalEndpoint(new EvalEndpointOptions { Url = endpoint.Url, Model = "m" }, TimeProvider.System);
        var runner = new EvalRunner(client, judge, RubricReader.Read(RubricReader.ShippedDirectory), "Be {{ tone }}.");
        Assert.Empty(runner.Problems(Cases));

        IReadOnlyList<EvalResult> results = await runner.RunAsync(Cases, 2, 1, null, _cancellation);

        Assert.Equal(["capital 0 True", "capital 1 True", "tool 0 True", "tool 1 True", "judged 0 True", "judged 1 False"], results.Select(r => $"{r.CaseId} {r.Repeat} {r.Passed}"));
        Assert.Equal(["Be kind.", "Be dry."], endpoint.Requests.Take(2).Select(r => r.GetProperty("messages")[0].GetProperty("content").GetString()));
        Assert.Equal((1.0, 0.0), (results[4].Scores["relevance"], results[5].Scores["relevance"]));
        Assert.StartsWith("rubric: relevance 0, at least 0.5", Assert.Single(results[5].Failures), StringComparison.Ordinal);

        EvalRun run = Run(results);
        var store = new EvalStore(await clickHouse.NewDatabaseAsync());
        await store.WriteAsync(run, _cancellation);
        EvalRun? read = await store.FindAsync("latest", "set", _cancellation);
        Assert.Equal(JsonSerializer.Serialize(run with { Results = [.. run.Results.OrderBy(r => r.CaseId, StringComparer.Ordinal).ThenBy(r => r.Repeat)] }), JsonSerializer.Serialize(read));
        Assert.Equal((6L, 5L, 0L, 0.5), (await store.ListAsync("", _cancellation)).Select(s => (s.Results, s.Passed, s.Incomplete, s.MeanScore!.Value)).Single());
        Assert.Null(await store.FindAsync("latest", "other", _cancellation));
        Assert.NotNull(await store.FindAsync(run.Id[..6], "", _cancellation));
    }

    [Fact]
    public async Task What_may_help_is_tried_again_and_what_cannot_is_not()
    {
        await using ScriptedEndpoint endpoint = await ScriptedEndpoint.StartAsync();
        endpoint.Answer = (request, before) => ScriptedEndpoint.LastText(request) switch
        {
            "Capital of France?" => before < 2 ? (429, new { error = "busy" }) : (200, ScriptedEndpoint.Said("Paris")),
            "Find it" => (400, new { error = "no such tool" }),
            _ => (200, new { nothing = true }),
        };
        using var client = new EvalEndpoint(new EvalEndpointOptions { Url = endpoint.Url, Model = "m" }, TimeProvider.System);
        IReadOnlyList<EvalResult> results = await new EvalRunner(client, null, new Dictionary<string, Rubric>(), null).RunAsync([Cases[0], Cases[1], Cases[2] with { Rubrics = new Dictionary<string, double>() }], 1, 1, null, _cancellation);

        Assert.True(results[0].Passed, results[0].Error);
        Assert.StartsWith("HTTP 400", results[1].Error, StringComparison.Ordinal);
        Assert.NotEqual("", results[2].Error);
        Assert.Equal(5, endpoint.Requests.Count);
    }

    [Fact]
    public async Task A_judge_that_fails_leaves_no_result_and_what_is_missing_is_told_before_anything_is_asked()
    {
        await using ScriptedEndpoint endpoint = await ScriptedEndpoint.StartAsync();
        await using ScriptedEndpoint broken = await ScriptedEndpoint.StartAsync();
        broken.Answer = (_, _) => (200, ScriptedEndpoint.Said("five stars"));
        using JudgeClient judge = Judge(broken);
        using var client = new EvalEndpoint(new EvalEndpointOptions { Url = endpoint.Url, Model = "m" }, TimeProvider.System);
        IReadOnlyDictionary<string, Rubric> rubrics = RubricReader.Read(RubricReader.ShippedDirectory);
        EvalResult result = Assert.Single(await new EvalRunner(client, judge, rubrics, null).RunAsync([Cases[2]], 1, 1, null, _cancellation));
        Assert.StartsWith("the judge said nothing by relevance", result.Error, StringComparison.Ordinal);

        Assert.Contains("line 9: expect.rubric", "line " + new EvalRunner(client, null, rubrics, null).Problems([Cases[2] with { Line = 9 }]).Single(), StringComparison.Ordinal);
        Assert.Contains("\"faithfulness\" needs context", new EvalRunner(client, judge, rubrics, null).Problems([Cases[2] with { Rubrics = new Dictionary<string, double> { ["faithfulness"] = 1 } }]).Single(), StringComparison.Ordinal);
        Assert.Contains("variables lacks \"place\"", new EvalRunner(client, judge, rubrics, "In {{place}}.").Problems([Cases[0]]).Single(), StringComparison.Ordinal);
    }

    private static JudgeClient Judge(ScriptedEndpoint endpoint)
    {
        var options = new JudgeEndpointOptions { Url = endpoint.Url.ToString(), Model = "judge", AllowPrivate = true, InputUsdPerMillion = 0, OutputUsdPerMillion = 0, MaxTries = 1, RequestsPerMinute = 10_000 };
        return new JudgeClient(options, new JudgePrices(options, null, TimeProvider.System), new NoBudget(), NullLoggerFactory.Instance, TimeProvider.System);
    }

    private static EvalRun Run(IReadOnlyList<EvalResult> results) => new()
    {
        Id = "20261121T100000-00ff",
        StartedAt = new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero),
        Set = "set",
        SetHash = "hash",
        Model = "m",
        Endpoint = "http://there/v1",
        Label = "v2",
        JudgeModel = "judge",
        Repeats = 2,
        Results = results,
    };
}
