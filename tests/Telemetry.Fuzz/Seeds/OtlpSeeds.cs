using Google.Protobuf;
using Telemetry.Otlp;

namespace Telemetry.Fuzz.Seeds;

/// <summary>Export requests that have a little of everything that OTLP has.</summary>
internal static class OtlpSeeds
{
    /// <summary>Keys, names and texts that the readers of spans and log records know.</summary>
    public static byte[][] Words { get; } = Captures.Words(
        "gen_ai.operation.name", "chat", "gen_ai.provider.name", "openai", "gen_ai.request.model", "gpt-4o-mini", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.input.messages",
        "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.definitions", "gen_ai.prompt.0.content", "gen_ai.prompt.0.role", "gen_ai.completion.0.tool_calls.0.arguments",
        "llm.input_messages.0.message.contents.0.message_content.text", "llm.output_messages.0.message.role", "llm.tools.0.tool.json_schema", "llm.request.functions.0.name", "event.name",
        "gen_ai.choice", "gen_ai.user.message", "gen_ai.tool.message", "gen_ai.client.inference.operation.details", "gen_ai.evaluation.result", "gen_ai.evaluation.score.value", "gen_ai.event.content",
        "gen_ai.content.completion.chunk", "openinference.span.kind", "LLM", "input.value", "output.value", "ai.response.text", "ai.usage.promptTokens", "langfuse.observation.usage_details", "gen_ai.usage",
        "error.type", "service.name", "[{\"role\":\"user\",\"content\":\"hi\"}]", "{\"content\":\"\\ud800\"}", "{\"\\ud800\":1}", "{\"message\":{\"content\":\"x\"},\"index\":0}", "{\"input\":5,\"output\":7}", "\"a\\ud800\"",
        "[\"stop\"]", "2026-11-20T12:00:00.100Z", "1e5", "NaN", "-1", "true");

    /// <summary>A request of spans.</summary>
    public static byte[] Traces()
    {
        var span = new Span
        {
            TraceId = ByteString.CopyFrom(Enumerable.Range(1, 16).Select(i => (byte)i).ToArray()),
            SpanId = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8),
            ParentSpanId = ByteString.CopyFrom(9, 10, 11, 12, 13, 14, 15, 16),
            TraceState = "a=b",
            Name = "chat gpt-4o-mini",
            Kind = Span.Types.SpanKind.Client,
            StartTimeUnixNano = 1_790_000_000_000_000_000,
            EndTimeUnixNano = 1_790_000_001_000_000_000,
            DroppedAttributesCount = 1,
            DroppedEventsCount = 2,
            DroppedLinksCount = 3,
            Flags = 257,
            Status = new Status { Code = Status.Types.StatusCode.Error, Message = "quota" },
        };
        span.Attributes.Add(Attributes());
        span.Events.Add(new Span.Types.Event { Name = "gen_ai.user.message", TimeUnixNano = 1_790_000_000_100_000_000, DroppedAttributesCount = 4, Attributes = { Text("gen_ai.event.content", "{\"content\":\"hi\"}") } });
        span.Events.Add(new Span.Types.Event { Name = "gen_ai.choice", TimeUnixNano = 1_790_000_000_200_000_000, Attributes = { Text("gen_ai.event.content", "{\"message\":{\"content\":\"yes\"},\"index\":0}") } });
        span.Links.Add(new Span.Types.Link { TraceId = span.TraceId, SpanId = span.ParentSpanId, TraceState = "c", Flags = 1, Attributes = { Text("a", "b") } });
        var second = new Span(span) { SpanId = ByteString.CopyFrom(8, 7, 6, 5, 4, 3, 2, 1), Kind = Span.Types.SpanKind.Internal, Status = null };
        var scope = new ScopeSpans { Scope = Scope(), SchemaUrl = "https://opentelemetry.io/schemas/1.41.0", Spans = { span, second } };
        var resource = new ResourceSpans { Resource = Resource(), SchemaUrl = "https://opentelemetry.io/schemas/1.40.0", ScopeSpans = { scope, new ScopeSpans { Spans = { second } } } };
        return new TracesData { ResourceSpans = { resource, new ResourceSpans { ScopeSpans = { new ScopeSpans { Scope = Scope(), Spans = { span } } } } } }.ToByteArray();
    }

    /// <summary>A request of log records.</summary>
    public static byte[] Logs()
    {
        var body = new AnyValue { KvlistValue = new KeyValueList { Values = { Text("content", "hello"), Text("role", "user") } } };
        LogRecord[] records =
        [
            .. ((string[])["gen_ai.user.message", "gen_ai.choice", "gen_ai.client.inference.operation.details", "gen_ai.evaluation.result", ""]).Select((name, i) => new LogRecord
            {
                TimeUnixNano = i % 2 == 0 ? 1_790_000_000_000_000_000UL : 0,
                ObservedTimeUnixNano = 1_790_000_000_000_000_001,
                SeverityNumber = 9,
                SeverityText = "INFO",
                EventName = name,
                Body = i == 1 ? new AnyValue { StringValue = "{\"message\":{\"content\":\"yes\"}}" } : body,
                DroppedAttributesCount = 1,
                Flags = 1,
                TraceId = i == 3 ? ByteString.Empty : ByteString.CopyFrom(Enumerable.Range(1, 16).Select(b => (byte)b).ToArray()),
                SpanId = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8),
                Attributes = { Attributes() },
            }),
        ];
        var scope = new ScopeLogs { Scope = Scope(), SchemaUrl = "s", LogRecords = { records } };
        return new LogsData { ResourceLogs = { new ResourceLogs { Resource = Resource(), SchemaUrl = "r", ScopeLogs = { scope, new ScopeLogs { LogRecords = { records[0] } } } } } }.ToByteArray();
    }

    private static IEnumerable<KeyValue> Attributes() =>
    [
        Text("gen_ai.operation.name", "chat"),
        Text("gen_ai.provider.name", "openai"),
        Text("gen_ai.request.model", "gpt-4o-mini"),
        Text("event.name", "gen_ai.choice"),
        Text("gen_ai.input.messages", "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"hi\"}]}]"),
        new() { Key = "gen_ai.usage.input_tokens", Value = new AnyValue { IntValue = 1200 } },
        new() { Key = "gen_ai.request.temperature", Value = new AnyValue { DoubleValue = 0.5 } },
        new() { Key = "gen_ai.request.stream", Value = new AnyValue { BoolValue = true } },
        new() { Key = "blob", Value = new AnyValue { BytesValue = ByteString.CopyFrom(1, 2, 0xFF) } },
        new() { Key = "nothing", Value = new AnyValue() },
        new() { Key = "less" },
        new()
        {
            Key = "gen_ai.output.messages",
            Value = new AnyValue { ArrayValue = new ArrayValue { Values = { new AnyValue { KvlistValue = new KeyValueList { Values = { Text("role", "assistant"), Text("content", "yes") } } }, new AnyValue { DoubleValue = double.NaN } } } },
        },
        new() { Key = "gen_ai.response.finish_reasons", Value = new AnyValue { ArrayValue = new ArrayValue { Values = { new AnyValue { StringValue = "stop" }, new AnyValue() } } } },
    ];

    private static Resource Resource() => new()
    {
        Attributes = { Text("service.name", "shop"), Text("deployment.environment.name", "prod") },
        DroppedAttributesCount = 1,
        EntityRefs = { new EntityRef { Type = "service", SchemaUrl = "u", IdKeys = { "service.name" }, DescriptionKeys = { "d" } } },
    };

    private static InstrumentationScope Scope() => new() { Name = "openai-sdk", Version = "1.2.3", Attributes = { Text("a", "b") }, DroppedAttributesCount = 1 };

    private static KeyValue Text(string key, string text) => new() { Key = key, Value = new AnyValue { StringValue = text } };
}
