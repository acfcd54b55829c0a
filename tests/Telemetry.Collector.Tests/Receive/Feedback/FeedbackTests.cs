using System.Net;
using System.Text;
using System.Text.Json;
using Telemetry.Collector.Receive;
using Telemetry.Collector.Receive.Feedback;
using Telemetry.Collector.Tests.Support;
using Telemetry.Otlp;
using Telemetry.SpanLog;

namespace Telemetry.Collector.Tests.Receive.Feedback;

public class FeedbackTests
{
    private const string Trace = "5b8efff798038103d269b633813fc60c";

    [Theory]
    [InlineData("""{"trace_id":"T","span_id":"eee19b7ec3c1b174","kind":"thumbs","value":"up"}""", "thumbs", 1.0, "up")]
    [InlineData("""{"trace_id":"T","kind":"thumbs","value":"down","label":"wrong"}""", "thumbs", 0.0, "wrong")]
    [InlineData("""{"response_id":"r-1","kind":"rating","value":4}""", "rating", 0.75, "4")]
    [InlineData("""{"trace_id":"T","kind":"rating","value":2.5,"name":"tone"}""", "tone", 0.375, "2.5")]
    [InlineData("""{"trace_id":"T","kind":"score","name":"resolved","value":1}""", "resolved", 1.0, "")]
    [InlineData("""{"trace_id":"T","kind":"label","value":"off topic"}""", "label", null, "off topic")]
    [InlineData("""{"trace_id":"T","kind":"comment","comment":"thank you"}""", "comment", null, "")]
    public async Task An_opinion_becomes_an_evaluation_event_that_is_durable_before_the_answer(string json, string name, double? value, string label)
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        (HttpResponseMessage response, byte[] body) = await PostAsync(collector, json);

        Assert.True(response.StatusCode == HttpStatusCode.OK, Encoding.UTF8.GetString(body));
        LogRecord record = Assert.Single(Records(collector));
        Assert.Equal(("gen_ai.evaluation.result", name, value, label), (record.EventName, Text(record, "gen_ai.evaluation.name"), Value(record), Text(record, "gen_ai.evaluation.score.label")));
        Assert.Equal(JsonDocument.Parse(body).RootElement.GetProperty("ids")[0].GetString(), Text(record, "telemetry.score.id"));
        Assert.Equal("user", Text(record, "telemetry.score.source"));
    }

    [Fact]
    public async Task Ids_user_service_time_and_comment_arrive_and_what_is_private_does_not()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        await PostAsync(
            collector,
            """{"trace_id":"T","span_id":"eee19b7ec3c1b174","response_id":"chatcmpl-1","kind":"thumbs","value":"down","comment":"it showed my card 4111 1111 1111 1111","user":"u-7","source":"human","service":"shop","timestamp":"2026-11-20T10:00:00Z"}""");

        (string topic, _, byte[] value) = Assert.Single(collector.Log.Records);
        Assert.Equal(SpanLogTopics.Logs, topic);
        ResourceLogs resource = Assert.Single(LogsData.Parser.ParseFrom(value).ResourceLogs);
        Assert.Equal("shop", Assert.Single(resource.Resource.Attributes).Value.StringValue);
        LogRecord record = resource.ScopeLogs[0].LogRecords[0];
        Assert.Equal((Trace, "eee19b7ec3c1b174"), (Convert.ToHexStringLower(record.TraceId.Span), Convert.ToHexStringLower(record.SpanId.Span)));
        Assert.Equal(("u-7", "human", "chatcmpl-1"), (Text(record, "user.id"), Text(record, "telemetry.score.source"), Text(record, "gen_ai.response.id")));
        Assert.Equal("it showed my card [PII:PAYMENT_CARD]", Text(record, "gen_ai.evaluation.explanation"));
        Assert.Equal((ulong)new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1_000_000, record.TimeUnixNano);
    }

    [Fact]
    public async Task A_tenant_whose_content_is_dropped_keeps_the_number_without_the_words()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Redact.Default = "drop_content");
        await PostAsync(collector, """{"trace_id":"T","kind":"rating","value":1,"comment":"rude"}""");
        LogRecord record = Assert.Single(Records(collector));
        Assert.Equal((0.0, ""), (Value(record), Text(record, "gen_ai.evaluation.explanation")));
    }

    [Fact]
    public async Task One_key_is_one_score_wherever_it_comes_from_and_another_key_is_another()
    {
        await using RunningCollector first = await RunningCollector.StartAsync();
        await using RunningCollector second = await RunningCollector.StartAsync();
        const string Item = """{"trace_id":"T","kind":"thumbs","value":"up","idempotency_key":"k-1"}""";
        const string Changed = """{"trace_id":"T","kind":"thumbs","value":"down","idempotency_key":"k-1"}""";
        string[] same = [await IdAsync(first, Item), await IdAsync(first, Item), await IdAsync(second, Item), await IdAsync(second, Changed), await IdAsync(first, """{"trace_id":"T","kind":"thumbs","value":"up"}""", "k-1")];
        Assert.Single(same.Distinct());
        Assert.NotEqual(same[0], await IdAsync(first, Item.Replace("k-1", "k-2", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_a_key_a_user_has_one_opinion_of_a_name_about_an_answer()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        string up = await IdAsync(collector, """{"trace_id":"T","kind":"thumbs","value":"up","user":"a"}""");
        Assert.Equal(up, await IdAsync(collector, """{"trace_id":"T","kind":"thumbs","value":"down","user":"a","comment":"on second thoughts"}"""));
        string[] others =
        [
            await IdAsync(collector, """{"trace_id":"T","kind":"thumbs","value":"up","user":"b"}"""), await IdAsync(collector, """{"trace_id":"T","kind":"rating","value":5,"user":"a"}"""),
            await IdAsync(collector, """{"trace_id":"T","span_id":"eee19b7ec3c1b174","kind":"thumbs","value":"up","user":"a"}"""), await IdAsync(collector, """{"trace_id":"T","kind":"thumbs","value":"up","user":"a","source":"human"}"""),
        ];
        Assert.Equal(4, others.Append(up).Distinct().Count() - 1);
    }

    [Fact]
    public async Task An_array_is_taken_whole_with_the_header_key_telling_its_items_apart()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        const string Items = """[{"trace_id":"T","kind":"thumbs","value":"up"},{"trace_id":"T","kind":"thumbs","value":"down"}]""";
        (_, byte[] body) = await PostAsync(collector, Items, "batch-1");
        (_, byte[] again) = await PostAsync(collector, Items, "batch-1");
        Assert.Equal(2, JsonDocument.Parse(body).RootElement.GetProperty("ids").EnumerateArray().Select(i => i.GetString()).Distinct().Count());
        Assert.Equal(body, again);
    }

    [Theory]
    [InlineData("""{"kind":"thumbs","value":"up"}""", "trace_id is missing; allowed: one of trace_id (with or without span_id) and response_id must be there")]
    [InlineData("""{"trace_id":"T","kind":"thumbs","value":"sideways"}""", "value is \"sideways\"; allowed: up, down")]
    [InlineData("""{"trace_id":"T","kind":"rating","value":6}""", "value is 6; allowed: a number from 1 to 5")]
    [InlineData("""{"trace_id":"T","kind":"rating"}""", "value is missing; allowed: a number from 1 to 5")]
    [InlineData("""{"trace_id":"T","kind":"stars","value":3}""", "kind is \"stars\"; allowed: thumbs, rating, score, label, comment")]
    [InlineData("""{"trace_id":"xyz","kind":"thumbs","value":"up"}""", "trace_id is \"xyz\"; allowed: 32 hexadecimal digits, not all 0")]
    [InlineData("""{"trace_id":"00000000000000000000000000000000","kind":"thumbs","value":"up"}""", "allowed: 32 hexadecimal digits, not all 0")]
    [InlineData("""{"response_id":"r","span_id":"eee19b7ec3c1b174","kind":"thumbs","value":"up"}""", "span_id is \"eee19b7ec3c1b174\"; allowed: only together with trace_id")]
    [InlineData("""{"trace_id":"T","kind":"thumbs","value":"up","coment":"x"}""", "coment is not known; allowed: trace_id, span_id")]
    [InlineData("""{"trace_id":"T","kind":"comment"}""", "comment is missing; allowed: a text")]
    [InlineData("""{"trace_id":"T","kind":"score","value":0.5}""", "name is missing")]
    [InlineData("""{"trace_id":"T","kind":"thumbs","value":"up","timestamp":"1999-01-01T00:00:00Z"}""", "timestamp is \"1999-01-01T00:00:00Z\"; allowed: a time such as")]
    [InlineData("""[]""", "allowed: one JSON object, or an array of 1 to 1000")]
    [InlineData("""[{"trace_id":"T","kind":"thumbs","value":"up"},{"trace_id":"T","kind":"rating","value":"4"}]""", "[1].value is \"4\"; allowed: a number from 1 to 5")]
    [InlineData("""[{"trace_id":"T","kind":"thumbs","value":"up"},{"trace_id":"T","kind":"thumbs","value":"down"}]""", "[1].idempotency_key is that of an item before it")]
    [InlineData("""[7]""", "[0] is Number; allowed: an object")]
    [InlineData("""{"trace_id":"T","kind":"comment","comment":"\ud800"}""", "a text in the body is not Unicode")]
    [InlineData("""{"trace_id":""", "the body is not JSON")]
    public async Task What_is_wrong_is_named_with_its_value_and_what_is_allowed_and_nothing_is_taken(string json, string expected)
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        (HttpResponseMessage response, byte[] body) = await PostAsync(collector, json);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(expected, JsonDocument.Parse(body).RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(collector.Log.Records);
    }

    [Fact]
    public async Task A_log_that_cannot_take_it_now_is_told_with_when_to_come_again()
    {
        var log = new MemoryLog { OnAppend = _ => Task.FromResult(AppendResult.Retry("the disk is full", TimeSpan.FromSeconds(7))) };
        await using RunningCollector collector = await RunningCollector.StartAsync(log: log);
        (HttpResponseMessage response, byte[] body) = await PostAsync(collector, """{"trace_id":"T","kind":"thumbs","value":"up"}""");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "7"), (response.StatusCode, response.Headers.GetValues("Retry-After").Single()));
        Assert.Equal("the disk is full", JsonDocument.Parse(body).RootElement.GetProperty("message").GetString());
        log.OnAppend = _ => throw new IOException("boom");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync(collector, """{"trace_id":"T","kind":"thumbs","value":"up"}""")).Response.StatusCode);
    }

    [Fact]
    public async Task A_body_over_its_bound_another_type_and_another_method_are_refused()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        (HttpResponseMessage large, _) = await PostAsync(collector, new string(' ', (1 << 20) + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        (HttpResponseMessage type, _) = await collector.PostAsync("x"u8.ToArray(), "text/plain", path: "/v1/feedback");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, type.StatusCode);
        using var client = new HttpClient();
        using HttpResponseMessage get = await client.GetAsync(new Uri(collector.HttpUrl, "/v1/feedback"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
    }

    [Fact]
    public async Task An_item_that_a_record_cannot_hold_is_told_and_not_called_accepted()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Limits.MaxAttributeBytes = 200);
        (HttpResponseMessage response, byte[] body) = await PostAsync(collector, $$"""{"trace_id":"T","kind":"comment","comment":"{{new string('x', 300)}}"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("1 of 1 items were not taken", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_request_fits_the_room_that_is_taken_for_it()
    {
        string comment = string.Concat(Enumerable.Repeat("\u00e9", 200));
        string json = "[" + string.Join(',', Enumerable.Range(0, FeedbackReader.MostItems).Select(i => $$"""{"trace_id":"{{Trace}}","kind":"label","value":"x","user":"u{{i}}","comment":"{{comment}}","service":"s{{i}}"}""")) + "]";
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        List<FeedbackItem> items = new FeedbackReader(TimeProvider.System).Read(bytes, null);
        using var output = new ProtobufBuffer(64 << 20);
        FeedbackRecords.Write(items, output);
        Assert.InRange(output.Written.Length, 1, bytes.Length + (items.Count * 1024));
    }

    private static async Task<(HttpResponseMessage Response, byte[] Body)> PostAsync(RunningCollector collector, string json, string? key = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(collector.HttpUrl, "/v1/feedback")) { Content = new StringContent(json.Replace("\"T\"", $"\"{Trace}\"", StringComparison.Ordinal), Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<string> IdAsync(RunningCollector collector, string json, string? key = null)
    {
        (HttpResponseMessage response, byte[] body) = await PostAsync(collector, json, key);
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        return JsonDocument.Parse(body).RootElement.GetProperty("ids")[0].GetString()!;
    }

    private static List<LogRecord> Records(RunningCollector collector) =>
        [.. collector.Log.Records.SelectMany(r => LogsData.Parser.ParseFrom(r.Value).ResourceLogs).SelectMany(r => r.ScopeLogs).SelectMany(s => s.LogRecords)];

    private static string Text(LogRecord record, string key) => record.Attributes.FirstOrDefault(a => a.Key == key)?.Value.StringValue ?? "";

    private static double? Value(LogRecord record) => record.Attributes.FirstOrDefault(a => a.Key == "gen_ai.evaluation.score.value")?.Value.DoubleValue;
}
