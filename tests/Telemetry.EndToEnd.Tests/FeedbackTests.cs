using System.Net;
using System.Text;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>What users think of answers: durable once accepted, and counted once.</summary>
public sealed class FeedbackTests
{
    private const string Trace = "0000000000000000000000000000fee0";
    private const string Call = "00000000000000f1";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_that_is_sent_again_also_after_a_crash_is_one_score_of_its_call()
    {
        using var data = new TemporaryDirectory();
        const string Liked = $$"""{"trace_id":"{{Trace}}","span_id":"{{Call}}","kind":"thumbs","value":"up","user":"ann","idempotency_key":"click-1"}""";
        const string WholeTrace = $$"""{"trace_id":"{{Trace}}","kind":"rating","value":2,"user":"ann"}""";
        const string ByResponse = """{"response_id":"resp-fee","kind":"score","name":"resolved","value":1}""";
        await using (AllInOneProcess first = await AllInOneProcess.StartAsync(data.Path, _cancellation))
        {
            using HttpResponseMessage spans = await first.PostTracesAsync(
                OtlpJson.Chat(Trace, Call, "shop", TimeProvider.System.GetUtcNow()).Replace(
                    "{\"key\":\"gen_ai.request.stream\"", "{\"key\":\"gen_ai.response.id\",\"value\":{\"stringValue\":\"resp-fee\"}},{\"key\":\"gen_ai.request.stream\"", StringComparison.Ordinal),
                _cancellation);
            Assert.Equal(HttpStatusCode.OK, spans.StatusCode);
            foreach (string item in (string[])[Liked, Liked, WholeTrace, ByResponse])
            {
                await PostAsync(first, item);
            }

            await first.Service.KillAsync();
        }

        await using AllInOneProcess second = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        await PostAsync(second, Liked);
        await PostAsync(second, WholeTrace.Replace("\"value\":2", "\"value\":5", StringComparison.Ordinal));

        await second.AskUntilAsync("SELECT count() FROM llm_scores", "6", Bound, _cancellation);
        await second.AskUntilAsync("SELECT count() FROM llm_calls", "1", Bound, _cancellation);
        Assert.Equal(
            $"rating\tuser\tann\t1\t5\t{Call}\tgpt-4o-mini\nresolved\tuser\t\t1\t\t{Call}\tgpt-4o-mini\nthumbs\tuser\tann\t1\tup\t{Call}\tgpt-4o-mini",
            await second.AskAsync("SELECT name, source, author, value, label, call_span_id, model_requested FROM llm_judged_calls ORDER BY name", _cancellation));
    }

    private async Task PostAsync(AllInOneProcess process, string json)
    {
        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.PostAsync(new Uri(process.Http, "/v1/feedback"), new StringContent(json, Encoding.UTF8, "application/json"), _cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(_cancellation));
    }
}
