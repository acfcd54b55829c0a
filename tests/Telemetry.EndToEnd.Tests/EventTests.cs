using System.Text;
using System.Text.Json;
using Telemetry.EndToEnd.Tests.Processes;
using Telemetry.EndToEnd.Tests.Spans;
using Telemetry.TestKit;

namespace Telemetry.EndToEnd.Tests;

/// <summary>GenAI events that arrive as log records belong to their span, and are never a second call.</summary>
public sealed class EventTests
{
    private const string Trace = "0000000000000000000000000000e0e0";
    private const string Call = "00000000000000e1";
    private const string Said = """[{"role":"system","parts":[{"type":"text","content":"Be short."}]},{"role":"user","parts":[{"type":"text","content":"Hello?"}]}]""";
    private const string Answered = """[{"role":"assistant","parts":[{"type":"text","content":"Hi."}],"finish_reason":"stop"}]""";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static readonly JsonSerializerOptions WithoutNulls = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_and_judgements_from_log_records_join_their_span_though_they_were_sent_twice()
    {
        using var data = new TemporaryDirectory();
        await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        using (HttpResponseMessage answer = await process.PostTracesAsync(OtlpJson.Chat(Trace, Call, "events", TimeProvider.System.GetUtcNow()), _cancellation))
        {
            Assert.True(answer.IsSuccessStatusCode);
        }

        string messages = Logs(
            Event("gen_ai.system.message", 1, body: new { kvlistValue = new { values = new[] { Text("content", "Be short.") } } }),
            Event("gen_ai.user.message", 2, body: new { kvlistValue = new { values = new[] { Text("content", "Hello?") } } }),
            Event("gen_ai.choice", 3, body: new { stringValue = """{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hi."}}""" }));
        await PostLogsAsync(process, messages);
        await PostLogsAsync(process, messages);
        await PostLogsAsync(process, Logs(Event(
            "gen_ai.evaluation.result", 4, null, Text("gen_ai.evaluation.name", "relevance"), new { key = "gen_ai.evaluation.score.value", value = new { doubleValue = 0.75 } },
            Text("gen_ai.evaluation.score.label", "relevant"), Text("gen_ai.response.id", "r-1"))));

        await process.AskUntilAsync("SELECT name, value, label, response_id, source, trace_id, span_id FROM llm_scores", $"relevance\t0.75\trelevant\tr-1\tevent\t{Trace}\t{Call}", Bound, _cancellation);
        await process.AskUntilAsync("SELECT count() FROM llm_content", "6", Bound, _cancellation);
        JsonElement row = JsonDocument.Parse(await process.AskAsync("SELECT input_messages, output_messages FROM llm_content_now FORMAT JSONEachRow", _cancellation)).RootElement;
        Assert.Equal((Said, Answered), (row.GetProperty("input_messages").GetString(), row.GetProperty("output_messages").GetString()));
        await process.AskUntilAsync("SELECT count() FROM llm_calls", "1", Bound, _cancellation);
    }

    [Fact]
    public async Task The_details_event_brings_the_messages_of_a_span_without_any()
    {
        using var data = new TemporaryDirectory();
        await using AllInOneProcess process = await AllInOneProcess.StartAsync(data.Path, _cancellation);
        await PostLogsAsync(process, Logs(Event(
            "gen_ai.client.inference.operation.details", 1, null, Text("gen_ai.input.messages", Said), Text("gen_ai.output.messages", Answered), Text("gen_ai.operation.name", "chat"),
            new { key = "gen_ai.usage.input_tokens", value = new { intValue = "5" } })));

        await process.AskUntilAsync("SELECT count() FROM llm_content_now", "1", Bound, _cancellation);
        JsonElement row = JsonDocument.Parse(await process.AskAsync("SELECT input_messages, output_messages FROM llm_content_now FORMAT JSONEachRow", _cancellation)).RootElement;
        Assert.Equal((Said, Answered), (row.GetProperty("input_messages").GetString(), row.GetProperty("output_messages").GetString()));
        Assert.Equal("0", await process.AskAsync("SELECT count() FROM llm_calls", _cancellation));
    }

    private static object Text(string key, string value) => new { key, value = new { stringValue = value } };

    private static object Event(string name, int second, object? body, params object[] attributes) => new
    {
        timeUnixNano = (1_795_000_000_000_000_000 + (second * 1_000_000_000L)).ToString(System.Globalization.CultureInfo.InvariantCulture),
        traceId = Trace,
        spanId = Call,
        eventName = name,
        body,
        attributes,
    };

    private static string Logs(params object[] records) => JsonSerializer.Serialize(
        new { resourceLogs = new[] { new { scopeLogs = new[] { new { logRecords = records } } } } },
        WithoutNulls);

    private async Task PostLogsAsync(AllInOneProcess process, string json)
    {
        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.PostAsync(new Uri(process.Http, "/v1/logs"), new StringContent(json, Encoding.UTF8, "application/json"), _cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(_cancellation));
    }
}
