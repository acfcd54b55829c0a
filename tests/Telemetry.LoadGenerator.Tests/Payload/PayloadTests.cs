using System.Text.Json;
using Google.Protobuf;
using Telemetry.LoadGenerator.Payload;
using Telemetry.Otlp;

namespace Telemetry.LoadGenerator.Tests.Payload;

/// <summary>What is sent, held against Google's reading of it.</summary>
public sealed class PayloadTests
{
    private const int Requests = 40;

    [Fact]
    public void A_span_of_the_default_payload_has_12_attributes_and_475_bytes()
    {
        var factory = Factory(new PayloadSettings());
        List<Span> spans = [.. Decode(factory, Requests).SelectMany(Spans)];
        Assert.All(spans, s => Assert.Equal(12, s.Attributes.Count));
        Assert.InRange((double)factory.MeanLength / factory.Spans, 470, 480);
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(50_000)]
    public void A_call_with_messages_holds_a_prompt_of_the_bytes_asked_for(int bytes)
    {
        PayloadFactory factory = Factory(new PayloadSettings { PromptBytes = bytes, Spans = 4, SpansPerTrace = 1 });
        foreach (Span span in Decode(factory, 3).SelectMany(Spans))
        {
            using var messages = JsonDocument.Parse(span.Attributes.Single(a => a.Key == "gen_ai.input.messages").Value.StringValue);
            Assert.Equal(bytes, messages.RootElement[1].GetProperty("parts")[0].GetProperty("content").GetString()!.Length);
        }
    }

    [Theory]
    [InlineData(nameof(DialectName.OpenTelemetry), "gen_ai.usage.input_tokens")]
    [InlineData(nameof(DialectName.OpenInference), "llm.token_count.prompt")]
    [InlineData(nameof(DialectName.Vercel), "ai.usage.inputTokens")]
    [InlineData(nameof(DialectName.OpenLlmetry), "gen_ai.usage.input_tokens")]
    public void Every_dialect_reports_tokens_in_its_own_words(string dialect, string key)
    {
        PayloadFactory factory = Factory(new PayloadSettings { Dialect = Enum.Parse<DialectName>(dialect), SpansPerTrace = 1, PromptBytes = 300 });
        Assert.All(Decode(factory, Requests).SelectMany(Spans), s => Assert.InRange(s.Attributes.Single(a => a.Key == key).Value.IntValue, 1000, 9999));
    }

    [Fact]
    public void Ids_never_repeat_in_a_run_and_parents_are_spans_of_the_same_trace()
    {
        List<Span> spans = [.. Decode(Factory(new PayloadSettings()), Requests).SelectMany(Spans)];
        Assert.Equal(spans.Count, spans.Select(s => s.SpanId).Distinct().Count());
        Assert.Equal(spans.Count / 10, spans.Select(s => s.TraceId).Distinct().Count());
        foreach (IGrouping<ByteString, Span> trace in spans.GroupBy(s => s.TraceId))
        {
            Span root = Assert.Single(trace, s => s.ParentSpanId.IsEmpty);
            Assert.All(trace.Where(s => s != root), s => Assert.Equal(root.SpanId, s.ParentSpanId));
            Assert.All(trace, s => Assert.InRange(s.StartTimeUnixNano, root.StartTimeUnixNano, s.EndTimeUnixNano - 1));
        }
    }

    [Fact]
    public void Two_runs_share_no_id()
    {
        IEnumerable<ByteString> first = Decode(Factory(new PayloadSettings()), 3).SelectMany(Spans).Select(s => s.SpanId);
        IEnumerable<ByteString> second = Decode(Factory(new PayloadSettings()), 3).SelectMany(Spans).Select(s => s.SpanId);
        Assert.Empty(first.Intersect(second));
    }

    [Fact]
    public void The_newest_span_ends_when_the_request_is_made()
    {
        PayloadFactory factory = Factory(new PayloadSettings());
        ulong before = Now();
        ulong newest = Decode(factory, 1).SelectMany(Spans).Max(s => s.EndTimeUnixNano);
        Assert.InRange(newest, before, Now());
    }

    [Fact]
    public void Json_says_what_protobuf_says()
    {
        byte[] key = new byte[32];
        var settings = new PayloadSettings { PromptBytes = 500 };
        var clock = new StoppedClock();
        TracesData protobuf = Decode(new PayloadFactory(settings, new RunIds(key), clock), 2)[1];
        var json = new PayloadFactory(settings with { Json = true }, new RunIds(key), clock);
        byte[] body = new byte[json.MaxLength];
        string text = System.Text.Encoding.UTF8.GetString(body, 0, json.Fill(body, 1));
        TracesData read = JsonParser.Default.Parse<TracesData>(WithBase64Ids(text));
        foreach (Span span in Spans(read))
        {
            // JSON exporters say that there is no status, protobuf ones leave it out.
            Assert.Equal(new Status(), span.Status);
            span.Status = null;
        }

        Assert.True(protobuf.Equals(read), "the two encodings differ");
    }

    [Fact]
    public void As_many_services_models_and_prompts_are_named_as_asked_for()
    {
        PayloadFactory factory = Factory(new PayloadSettings { Services = 10, Models = 10, Prompts = 100 });
        List<TracesData> requests = Decode(factory, 1000);
        Assert.Equal(10, requests.Select(r => Value(r.ResourceSpans[0].Resource.Attributes, "service.name")).Distinct().Count());
        Assert.Equal(10, requests.SelectMany(Calls).Select(s => Value(s.Attributes, "gen_ai.request.model")).Distinct().Count());
        Assert.Equal(100, requests.SelectMany(Calls).Select(s => Value(s.Attributes, "gen_ai.prompt.name")).Distinct().Count());
    }

    [Fact]
    public void A_span_is_found_again_by_its_id()
    {
        var ids = new RunIds();
        byte[] id = new byte[8];
        foreach (long number in (long[])[0, 1, 99, 123_456_789])
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(id, ids.Span(number));
            Assert.True(ids.TryGetNumber(id, number + 1, out long found));
            Assert.Equal(number, found);
            Assert.False(ids.TryGetNumber(id, number, out _));
        }
    }

    private static PayloadFactory Factory(PayloadSettings settings) => new(settings, new RunIds(), TimeProvider.System);

    private static List<TracesData> Decode(PayloadFactory factory, int requests)
    {
        byte[] body = new byte[factory.MaxLength];
        return [.. Enumerable.Range(0, requests).Select(r => TracesData.Parser.ParseFrom(body, 0, factory.Fill(body, r)))];
    }

    private static IEnumerable<Span> Spans(TracesData request) => request.ResourceSpans.SelectMany(r => r.ScopeSpans).SelectMany(s => s.Spans);

    private static IEnumerable<Span> Calls(TracesData request) => Spans(request).Where(s => Value(s.Attributes, "gen_ai.operation.name") == "chat");

    private static string Value(IEnumerable<KeyValue> attributes, string key) => attributes.Single(a => a.Key == key).Value.StringValue;

    private static ulong Now() => (ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    // OTLP's JSON has ids in hex, where protobuf's own mapping has base 64.
    private static string WithBase64Ids(string json) => System.Text.RegularExpressions.Regex.Replace(
        json, "\"(traceId|spanId|parentSpanId)\":\"([0-9a-f]+)\"", m => $"\"{m.Groups[1]}\":\"{Convert.ToBase64String(Convert.FromHexString(m.Groups[2].Value))}\"");

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    }
}
