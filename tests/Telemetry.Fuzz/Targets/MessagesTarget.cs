using System.Text;
using Google.Protobuf;
using Telemetry.Fuzz.Seeds;
using Telemetry.Fuzz.Support;
using Telemetry.Otlp;

namespace Telemetry.Fuzz.Targets;

/// <summary>
/// The texts in attributes, most of which are JSON of the app's making: each goes into a span of some dialect, or into an event, and through the whole Processor.
/// Control bytes: 0 and 1: the attribute; 2: the dialect; 3: 1 an event of a span, 2 the body of a log record.
/// </summary>
internal sealed class MessagesTarget : IFuzzTarget, IDisposable
{
    /// <summary>Its name.</summary>
    public const string TargetName = "messages";

    private const int Event = 1;
    private const int Body = 2;

    // Keys with a number in them are not among the registered ones.
    private static readonly string[] FlatKeys =
    [
        "gen_ai.prompt.0.content", "gen_ai.prompt.1.role", "gen_ai.prompt.0.tool_calls.0.arguments", "gen_ai.completion.0.content", "gen_ai.completion.0.finish_reason",
        "llm.input_messages.0.message.content", "llm.input_messages.0.message.contents.0.message_content.text", "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments",
        "llm.tools.0.tool.json_schema", "llm.request.functions.0.parameters", "llm.prompts.0.content", "llm.choices.0.message",
    ];

    // An attribute by which each dialect is known.
    private static readonly (string Key, string Value)[] Dialects =
    [
        ("gen_ai.operation.name", "chat"), ("openinference.span.kind", "LLM"), ("llm.request.type", "chat"), ("ai.operationId", "ai.generateText.doGenerate"),
        ("langfuse.observation.type", "generation"), ("langsmith.span.kind", "llm"), ("mlflow.spanType", "\"CHAT_MODEL\""), ("traceloop.span.kind", "workflow"),
        ("gen_ai.system", "gcp.vertex.agent"), ("genkit:type", "action"), ("langtrace.service.name", "OpenAI"), ("telemetry.sdk.name", "openlit"), ("logfire.json_schema", "{}"),
    ];

    private static readonly string[] EventNames = ["gen_ai.user.message", "gen_ai.choice", "gen_ai.tool.message", "gen_ai.client.inference.operation.details", "gen_ai.evaluation.result", "gen_ai.content.prompt"];

    private readonly ProcessorLine _line = new();
    private readonly string[] _keys;

    public MessagesTarget()
    {
        _keys = [.. _line.Keys.Order(StringComparer.Ordinal), .. FlatKeys];
        Seeds = [.. Texts().Select(Encoding.UTF8.GetBytes).SelectMany((text, i) => SeedKeys.Select((key, k) => Captures.With(text, [.. KeyBytes(key), (byte)k, (byte)(i % 3)])))];
    }

    private static string[] SeedKeys =>
    [
        "gen_ai.input.messages", "llm.input_messages.0.message.content", "gen_ai.output.messages", "ai.prompt.messages", "langfuse.observation.usage_details", "gen_ai.prompt", "mlflow.spanOutputs",
        "gen_ai.completion.0.content", "gen_ai.tool.definitions", "gen_ai.system_instructions", "input.value", "metadata", "gen_ai.usage.input_tokens",
    ];

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public string Description => "Texts in attributes and events, most of them JSON, through the whole Processor";

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Seeds { get; }

    /// <inheritdoc />
    public Shapes Shapes => Shapes.Json;

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Words { get; } = Captures.Words(
        "role", "content", "parts", "type", "text", "user", "assistant", "tool", "system", "tool_calls", "function", "arguments", "name", "id", "image_url", "url", "data", "message", "messages",
        "choices", "finish_reason", "index", "input", "output", "usage", "input_tokens", "output_tokens", "total", "tool_use", "tool_result", "tool_call_response", "reasoning", "thinking", "kwargs",
        "generations", "llm_output", "lc", "additional_kwargs", "inline_data", "mime_type", "functionCall", "candidates", "$type", "properties", "parameters", "prompt_tokens", "cache_read_input_tokens");

    /// <inheritdoc />
    public int ControlBytes => 4;

    /// <inheritdoc />
    public void Dispose() => _line.Dispose();

    /// <inheritdoc />
    public long AllocationLimit(int inputLength) => (32L << 20) + (inputLength * 1000L);

    /// <inheritdoc />
    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < ControlBytes)
        {
            return;
        }

        string key = _keys[((input[0] << 8) | input[1]) % _keys.Length];
        int dialect = input[2] % Dialects.Length;
        byte[] value = input[ControlBytes..].ToArray();
        if ((input[3] & Body) != 0)
        {
            _line.RunLogs(LogRecord(key, EventNames[input[2] % EventNames.Length], value));
        }
        else
        {
            _line.RunSpans(Span(key, dialect, value, (input[3] & Event) != 0 ? EventNames[input[2] % EventNames.Length] : null), again: false, replay: false);
        }
    }

    private byte[] KeyBytes(string key)
    {
        int index = Math.Max(0, Array.IndexOf(_keys, key));
        return [(byte)(index >> 8), (byte)index];
    }

    // By hand, for the texts need not be UTF-8.
    private static byte[] Span(string key, int dialect, byte[] value, string? eventName)
    {
        var span = new Span
        {
            TraceId = ByteString.CopyFrom(Enumerable.Range(1, 16).Select(i => (byte)i).ToArray()),
            SpanId = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8),
            Name = "chat gpt-4o-mini",
            StartTimeUnixNano = 1_790_000_000_000_000_000,
            EndTimeUnixNano = 1_790_000_001_000_000_000,
            Attributes = { Attribute(Dialects[dialect].Key, Dialects[dialect].Value), Attribute("gen_ai.request.model", "gpt-4o-mini"), Attribute("gen_ai.provider.name", "openai") },
        };
        byte[] attribute = KeyValue(key, value);
        byte[] inner = eventName is null
            ? Field(9, attribute)
            : Field(11, [.. Field(2, Encoding.UTF8.GetBytes(eventName)), .. Field(3, attribute), .. Field(3, KeyValue("gen_ai.event.content", value))]);
        return Field(1, Field(2, Field(2, [.. span.ToByteArray(), .. inner])));
    }

    private static byte[] LogRecord(string key, string eventName, byte[] value)
    {
        var record = new LogRecord
        {
            TraceId = ByteString.CopyFrom(Enumerable.Range(1, 16).Select(i => (byte)i).ToArray()),
            SpanId = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8),
            EventName = eventName,
            TimeUnixNano = 1_790_000_000_000_000_000,
        };
        byte[] inner = [.. Field(6, KeyValue(key, value)), .. value.Length % 2 == 0 ? Field(5, Field(1, value)) : Field(6, KeyValue("gen_ai.event.content", value))];
        return Field(1, Field(2, Field(2, [.. record.ToByteArray(), .. inner])));
    }

    private static byte[] KeyValue(string key, byte[] value) => [.. Field(1, Encoding.UTF8.GetBytes(key)), .. Field(2, Field(1, value))];

    private static KeyValue Attribute(string key, string text) => new() { Key = key, Value = new AnyValue { StringValue = text } };

    private static byte[] Field(int number, ReadOnlySpan<byte> value)
    {
        Span<byte> length = stackalloc byte[Mutation.Varint.Longest];
        return [(byte)((number << 3) | 2), .. Mutation.Varint.Write(length, (ulong)value.Length), .. value];
    }

    private static string[] Texts() =>
    [
        """[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"text","text":"yes"},{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}],"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c1","content":"42"}]""",
        """[{"role":"system","parts":[{"type":"text","content":"be brief"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"c","name":"f","arguments":{"x":[1,2.5,null]}},{"type":"reasoning","content":"hm"}],"finish_reason":"stop"}]""",
        """{"input":1200,"output":300,"total":1500,"input_cached_tokens":100,"cache_read_input_tokens":1e2,"output_details":{"reasoning":"7"}}""",
        """{"choices":[{"index":0,"message":{"role":"assistant","content":"yes"},"finish_reason":"length"}],"usage":{"prompt_tokens":5,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":3}}}""",
        """{"messages":[[{"lc":1,"type":"constructor","id":["langchain","schema","messages","HumanMessage"],"kwargs":{"content":"hi","type":"human"}}]],"generations":[[{"text":"yes","message":{"kwargs":{"content":"yes","tool_calls":[]}}}]]}""",
        """[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string","enum":["x"]}}}}},{"name":"g","input_schema":{"$ref":"#/a"}}]""",
        """{"contents":[{"role":"user","parts":[{"text":"hi"},{"inline_data":{"mime_type":"image/png","data":"QUJD"}},{"functionCall":{"name":"f","args":{"a":1}}}]}],"candidates":[{"content":{"parts":[{"text":"yes"}]},"finishReason":"STOP"}]}""",
        "plain text, no JSON",
        "17",
    ];
}
