using System.Text.RegularExpressions;
using Google.Protobuf;
using Telemetry.Collector.Tests.Support;
using Telemetry.Otlp;
using static Telemetry.Collector.Tests.Redact.Redacted;

namespace Telemetry.Collector.Tests.Redact;

public sealed partial class RedactTests
{
    private const string Messages = """[{"role":"user","parts":[{"type":"text","content":"Pay 4111 1111 1111 1111,\nmail ann@example.com"}]}]""";

    [Theory]
    [InlineData("mask", """[{"role":"user","parts":[{"type":"text","content":"Pay [PII:PAYMENT_CARD],\nmail ann@example.com"}]}]""")]
    [InlineData("mask:all", """[{"role":"user","parts":[{"type":"text","content":"Pay [PII:PAYMENT_CARD],\nmail [PII:EMAIL]"}]}]""")]
    [InlineData("mask:phone", Messages)]
    [InlineData("off", Messages)]
    [InlineData("drop_content", null)]
    public void A_policy_does_what_it_says(string policy, string? expected) => Assert.Equal(expected, Attribute("gen_ai.input.messages", Messages, policy));

    [Fact]
    public void Hashes_are_equal_for_equal_values_however_they_are_written()
    {
        string first = Attribute("note", "mail Ann@Example.com", "hash:email")!;
        Assert.Matches(@"^mail \[PII:EMAIL:[0-9a-f]{16}\]$", first);
        Assert.Equal(Hash(first), Hash(Attribute("gen_ai.prompt", """{"to":"ann\u0040example.com"}""", "hash:email")!));
        Assert.NotEqual(Hash(first), Hash(Attribute("note", "mail bob@example.com", "hash:email")!));
        Assert.Equal(
            Hash(Attribute("note", "card 4111 1111 1111 1111", "hash")!),
            Hash(Attribute("note", "card 4111-1111-1111-1111", "hash")!));
        string number = Attribute("note", """{"card":4111111111111111}""", "hash")!;
        Assert.Matches("^\\{\"card\":[1-9][0-9]{14}\\}$", number);
        Assert.Equal(number, Attribute("note", """{"card":4111111111111111}""", "hash"));
    }

    [Fact]
    public void Texts_are_redacted_wherever_they_stand()
    {
        const string Secret = "password=hunter2!x";
        Span span = Payloads.Span(1, 1, ("gen_ai.operation.name", "chat"), ("anything", Secret));
        span.Name = Secret;
        span.Status = new Status { Code = Status.Types.StatusCode.Error, Message = Secret };
        span.Attributes.Add(new KeyValue { Key = "list", Value = new AnyValue { ArrayValue = new ArrayValue { Values = { Text("one"), Text(Secret), new AnyValue { IntValue = 7 } } } } });
        span.Attributes.Add(new KeyValue { Key = "map", Value = new AnyValue { KvlistValue = new KeyValueList { Values = { new KeyValue { Key = "password", Value = Text("hunter2!x") } } } } });
        span.Events.Add(new Span.Types.Event { Name = "e", TimeUnixNano = 5, Attributes = { new KeyValue { Key = "exception.message", Value = Text(Secret) } } });
        span.Links.Add(new Span.Types.Link { TraceId = span.TraceId, SpanId = span.SpanId, Attributes = { new KeyValue { Key = "k", Value = Text(Secret) } } });
        TracesData data = Payloads.Request(span);
        data.ResourceSpans[0].Resource.Attributes.Add(new KeyValue { Key = "process.command_line", Value = Text($"app --{Secret}") });
        data.ResourceSpans[0].ScopeSpans[0].Scope.Attributes.Add(new KeyValue { Key = "k", Value = Text(Secret) });

        TracesData redacted = Traces(data, "mask");

        Assert.DoesNotContain("hunter2", redacted.ToString(), StringComparison.Ordinal);
        Assert.Equal(9, MaskPattern().Count(redacted.ToString()));
        Assert.Equal(Numbers(data), Numbers(redacted));
    }

    [Fact]
    public void Log_records_are_redacted_and_their_bodies_dropped()
    {
        var record = new LogRecord { EventName = "gen_ai.user.message", TimeUnixNano = 5, SeverityNumber = 9, Body = Text("key AKIA" + "IOSFODNN7EXAMPLE") };
        record.Attributes.Add(new KeyValue { Key = "gen_ai.input.messages", Value = Text("x") });
        var data = new LogsData { ResourceLogs = { new ResourceLogs { ScopeLogs = { new ScopeLogs { LogRecords = { record } } } } } };

        Assert.Equal("key [PII:SECRET]", Logs(data, "mask").ResourceLogs[0].ScopeLogs[0].LogRecords[0].Body.StringValue);
        LogRecord dropped = Logs(data, "drop_content").ResourceLogs[0].ScopeLogs[0].LogRecords[0];
        Assert.Null(dropped.Body);
        Assert.Empty(dropped.Attributes);
        Assert.Equal((5UL, 9, "gen_ai.user.message"), (dropped.TimeUnixNano, dropped.SeverityNumber, dropped.EventName));
    }

    [Theory]
    [InlineData("gen_ai.request.model")]
    [InlineData("gen_ai.response.id")]
    [InlineData("session.id")]
    [InlineData("server.address")]
    public void Names_and_ids_stay(string key) => Assert.Equal("203.0.113.7", Attribute(key, "203.0.113.7", "mask:all"));

    [Fact]
    public void Ids_of_users_are_people() => Assert.Equal("[PII:EMAIL]", Attribute("user.id", "ann@example.com", "mask:all"));

    [Theory]
    [InlineData("gen_ai.prompt.0.content")]
    [InlineData("gen_ai.completion.0.tool_calls.0.arguments")]
    [InlineData("llm.input_messages.0.message.content")]
    [InlineData("input.value")]
    [InlineData("ai.prompt.messages")]
    [InlineData("ai.response.text")]
    [InlineData("traceloop.entity.output")]
    [InlineData("mlflow.spanInputs")]
    [InlineData("langfuse.observation.output")]
    [InlineData("gcp.vertex.agent.llm_request")]
    [InlineData("retrieval.documents.0.document.content")]
    [InlineData("gen_ai.tool.call.result")]
    [InlineData("genkit:output")]
    public void Content_of_every_dialect_can_be_dropped(string key) => Assert.Null(Attribute(key, "what was said", "drop_content"));

    [Theory]
    [InlineData("gen_ai.prompt.name")]
    [InlineData("gen_ai.prompt.version")]
    [InlineData("gen_ai.usage.input_tokens")]
    [InlineData("ai.response.finishReason")]
    [InlineData("ai.response.msToFirstChunk")]
    [InlineData("input.mime_type")]
    [InlineData("llm.token_count.prompt")]
    [InlineData("langfuse.observation.usage_details")]
    [InlineData("mlflow.chat.tokenUsage")]
    public void What_is_counted_stays_when_content_is_dropped(string key) => Assert.Equal("12", Attribute(key, "12", "drop_content"));

    [Fact]
    public void A_resource_is_redacted_once_for_all_its_scopes()
    {
        TracesData data = Payloads.Request(Payloads.GenAi(1, 1));
        data.ResourceSpans[0].Resource.Attributes.Add(new KeyValue { Key = "x", Value = Text("password=hunter2!" + new string('y', 10_000)) });
        for (int i = 0; i < 500; i++)
        {
            data.ResourceSpans[0].ScopeSpans.Add(data.ResourceSpans[0].ScopeSpans[0].Clone());
        }

        byte[] record = Assert.Single(Records(data.ToByteArray(), "mask"));

        Assert.InRange(record.Length, 1, data.CalculateSize());
        Assert.Equal(501, TracesData.Parser.ParseFrom(record).ResourceSpans.Single().ScopeSpans.Count);
    }

    [Theory]
    [InlineData("mask")]
    [InlineData("drop_content")]
    public async Task What_arrives_over_the_wire_is_redacted_before_the_log_has_it(string policy)
    {
        await using RunningCollector collector = await RunningCollector.StartAsync(o => o.Redact.Default = policy);
        TracesData data = Payloads.Request(Payloads.Span(1, 1, ("gen_ai.operation.name", "chat"), ("gen_ai.input.messages", Messages)));

        await collector.PostAsync(data.ToByteArray());
        await collector.CallAsync(RunningCollector.Frame(data.ToByteArray()));

        Assert.Equal(2, collector.Log.Records.Count);
        Assert.All(collector.Log.Records, r => Assert.DoesNotContain("4111", TracesData.Parser.ParseFrom(r.Value).ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task By_default_secrets_and_numbers_of_people_are_masked_and_addresses_are_not()
    {
        await using RunningCollector collector = await RunningCollector.StartAsync();
        await collector.PostAsync(Payloads.Request(Payloads.Span(1, 1, ("gen_ai.operation.name", "chat"), ("gen_ai.input.messages", Messages))).ToByteArray());

        string stored = TracesData.Parser.ParseFrom(Assert.Single(collector.Log.Records).Value).ToString();
        Assert.Contains("[PII:PAYMENT_CARD]", stored, StringComparison.Ordinal);
        Assert.Contains("ann@example.com", stored, StringComparison.Ordinal);
    }

    internal static string Numbers(TracesData data)
    {
        // Everything but texts, which are all that redaction may change.
        return TextPattern().Replace(data.ToString(), "\"\"");
    }

    private static string Hash(string text) => HashPattern().Match(text).Value;

    private static AnyValue Text(string text) => new() { StringValue = text };

    [GeneratedRegex(@"\[PII:SECRET\]")]
    private static partial Regex MaskPattern();

    [GeneratedRegex("[0-9a-f]{16}")]
    private static partial Regex HashPattern();

    [GeneratedRegex("(?<=\"(stringValue|name|message)\": )\"(\\\\.|[^\"\\\\])*\"")]
    private static partial Regex TextPattern();
}
