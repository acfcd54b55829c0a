using System.Globalization;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>From a span that comes in to its score, and what the judge's own calls and events do when they come back.</summary>
public sealed class JudgeTests
{
    private const string Answer = """[{"role":"assistant","parts":[{"type":"text","content":"Paris."}],"finish_reason":"stop"}]""";
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(180);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_scored_once_and_the_judges_own_calls_are_priced_and_never_judged()
    {
        using var data = new TemporaryDirectory();
        await using JudgeServer server = await JudgeServer.StartAsync();
        server.ModelAnswered = "gpt-4o-mini-2024-07-18";
        string rules = Path.Combine(data.Path, "sampling.yaml");
        await File.WriteAllTextAsync(rules, "rules:\n  - { name: all, share: 100%, rubrics: [relevance] }\n", _cancellation);
        await using AllInOneProcess process = await AllInOneProcess.StartAsync(
            data.Path, _cancellation, $"Judge:Endpoint:Url={server.Url}", "Judge:Endpoint:Model=gpt-4o-mini", "Judge:Endpoint:AllowPrivate=true", $"Judge:SamplingPath={rules}", "Judge:Grace=00:00:00", "Judge:Burst=100");
        for (int i = 1; i <= 3; i++)
        {
            string id = i.ToString(CultureInfo.InvariantCulture);
            object span = OtlpJson.Span(id.PadLeft(32, '0'), id.PadLeft(16, '0'), TimeProvider.System.GetUtcNow(), content: Answer);
            using HttpResponseMessage answer = await process.PostTracesAsync(OtlpJson.Request("checkout", span), _cancellation);
            Assert.True(answer.IsSuccessStatusCode);
        }

        await process.AskUntilAsync("SELECT count(), uniqExact(trace_id), min(value), min(source), min(probability), min(judge_model) FROM llm_scores", "3\t3\t0.75\tjudge\t1\tgpt-4o-mini", s_bound, _cancellation);

        // The judge's calls came in as spans, were priced like any other, and agree with its ledger; its events came in and are no second score.
        await process.AskUntilAsync("SELECT count(), countIf(cost_usd > 0), min(service) FROM llm_calls WHERE service = 'telemetry-judge'", "3\t3\ttelemetry-judge", s_bound, _cancellation);
        await process.AskUntilAsync(
            "SELECT (SELECT sum(cost_usd) FROM llm_calls WHERE service = 'telemetry-judge') = (SELECT sum(spent_usd) FROM llm_judge_budget), (SELECT sum(unsettled_usd) FROM llm_judge_budget)", "1\t0", s_bound, _cancellation);
        await process.AskUntilAsync("SELECT count() > 0 FROM llm_judge_windows WHERE window_start > (SELECT max(toStartOfMinute(ingested_at)) FROM llm_calls)", "1", s_bound, _cancellation);
        Assert.Equal("3\t3", await process.AskAsync("SELECT count(), (SELECT count() FROM llm_judge_requests) FROM llm_scores", _cancellation));
        Assert.Equal("0", await process.AskAsync("SELECT count() FROM llm_judge_strata WHERE service = 'telemetry-judge'", _cancellation));
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal("relevance\t3\t3\t0.75\t1", await process.AskAsync("SELECT name, scores, answers, mean, low < 0.75 AND high > 0.75 FROM llm_quality", _cancellation));
    }
}
