using System.Text;
using System.Text.Json;
using Telemetry.Collector;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Publish;
using Telemetry.Collector.Receive;
using Telemetry.Fuzz.Reference;
using Telemetry.Fuzz.Seeds;
using Telemetry.Otlp;
using Telemetry.Processor.Decode;
using Telemetry.SpanLog;

namespace Telemetry.Fuzz.Targets;

/// <summary>
/// OTLP/JSON through the transcoder: refused as the product refuses, or protobuf that the reference and all of our readers take, with the items of the JSON in it.
/// Control byte: 1 logs.
/// </summary>
internal sealed class OtlpJsonTarget : IFuzzTarget, IDisposable
{
    /// <summary>Its name.</summary>
    public const string TargetName = "otlp-json";

    private const int Logs = 1;

    private readonly JsonTranscoder _transcoder = new(32, 1 << 20);
    private readonly Admission _admission = new(new CollectorLimits { MaxAttributes = 100_000 }, keepAll: true, 1);
    private readonly RecordBuilder _builder = new();
    private readonly SpanBatch _batch = new(new AttributeKeys());

    public OtlpJsonTarget()
    {
        byte[][] bodies = [.. Captures.Bodies(".json")];
        Seeds = [.. bodies.Select(b => Captures.With(b, 0)), Captures.With(Encoding.UTF8.GetBytes(Everything), 0), Captures.With(Encoding.UTF8.GetBytes(AllLogs), Logs)];
    }

    /// <inheritdoc />
    public string Name => TargetName;

    /// <inheritdoc />
    public string Description => "OTLP/JSON through the transcoder, and what it makes through all readers of protobuf";

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Seeds { get; }

    /// <inheritdoc />
    public Shapes Shapes => Shapes.Json;

    /// <inheritdoc />
    public IReadOnlyList<byte[]> Words { get; } = Captures.Words(
        "resourceSpans", "resourceLogs", "scopeSpans", "scopeLogs", "spans", "logRecords", "resource", "scope", "schemaUrl", "attributes", "key", "value", "stringValue", "boolValue", "intValue",
        "doubleValue", "arrayValue", "kvlistValue", "bytesValue", "values", "traceId", "spanId", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano", "events", "links", "status",
        "code", "message", "flags", "droppedAttributesCount", "timeUnixNano", "body", "eventName", "severityNumber", "SPAN_KIND_CLIENT", "STATUS_CODE_ERROR", "SPAN_KIND_", "0123456789abcdef",
        "0123456789ABCDEF0123456789abcdef", "gen_ai.operation.name", "chat");

    /// <inheritdoc />
    public int ControlBytes => 1;

    private static string Everything => """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}],"droppedAttributesCount":1},"scopeSpans":[{"scope":{"name":"s","version":"1","attributes":[]},
        "spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","parentSpanId":"eee19b7ec3c1b173","traceState":"a=b","name":"chat","kind":3,"startTimeUnixNano":"1790000000000000000",
        "endTimeUnixNano":1790000001000000000,"attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"ch\u0061t"}},{"key":"i","value":{"intValue":"-5"}},{"key":"d","value":{"doubleValue":1.5}},
        {"key":"b","value":{"boolValue":true}},{"key":"x","value":{"bytesValue":"AQL/"}},{"key":"a","value":{"arrayValue":{"values":[{"stringValue":"s"},{"kvlistValue":{"values":[{"key":"k","value":{"doubleValue":"NaN"}}]}}]}}}],
        "events":[{"timeUnixNano":"1","name":"e","attributes":[],"droppedAttributesCount":2}],"links":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","traceState":"","attributes":[],"flags":1}],
        "status":{"message":"m","code":"STATUS_CODE_ERROR"},"flags":257,"droppedEventsCount":0,"droppedLinksCount":null,"unknown":{"a":[1,{"b":null}]}}],"schemaUrl":"u"}],"schemaUrl":"v"}]}
        """;

    private static string AllLogs => """
        {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1790000000000000000","observedTimeUnixNano":"1","severityNumber":9,"severityText":"INFO","body":{"stringValue":"hello"},
        "attributes":[{"key":"event.name","value":{"stringValue":"gen_ai.choice"}}],"flags":1,"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","eventName":"gen_ai.choice"},{}]}]}]}
        """;

    /// <inheritdoc />
    public void Dispose() => _builder.Dispose();

    /// <inheritdoc />
    public long AllocationLimit(int inputLength) => (8L << 20) + (inputLength * 600L);

    /// <inheritdoc />
    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        bool isLogs = (input[0] & Logs) != 0;
        byte[] json = input[1..].ToArray();
        using ProtobufBuffer output = _transcoder.CreateOutput();
        try
        {
            _transcoder.Transcode(json, isLogs ? JsonShape.LogsRequest : JsonShape.TraceRequest, output);
        }
        catch (RefusedException)
        {
            return;
        }

        List<ReferenceItem>? items = OtlpReference.Read(output.Written.Span, isLogs, out string? refusal);
        if (items is null && !OtlpReference.IsStricter(refusal!))
        {
            throw new FuzzFailureException($"the reference does not take what the transcoder wrote: {refusal}");
        }

        using JsonDocument document = Parse(json);
        CheckItems(document.RootElement, isLogs, items);
        CheckReaders(output.Written, isLogs, items);
    }

    private static JsonDocument Parse(byte[] json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        }
        catch (JsonException e)
        {
            throw new FuzzFailureException($"taken, but not JSON: {e.Message}", e);
        }
    }

    private static void CheckItems(JsonElement root, bool isLogs, List<ReferenceItem>? items)
    {
        JsonElement[] expected =
        [
            .. Objects(root, isLogs ? "resourceLogs" : "resourceSpans").SelectMany(r => Objects(r, isLogs ? "scopeLogs" : "scopeSpans")).SelectMany(s => Objects(s, isLogs ? "logRecords" : "spans")),
        ];
        if (items is null)
        {
            return;
        }

        if (items.Count != expected.Length)
        {
            throw new FuzzFailureException($"{expected.Length} items of the JSON became {items.Count}");
        }

        for (int i = 0; i < items.Count; i++)
        {
            CheckText("traceId", expected[i], Convert.ToHexStringLower(items[i].TraceId.Span), ignoreCase: true);
            CheckText(isLogs ? "eventName" : "name", expected[i], items[i].Item is Span span ? span.Name : ((LogRecord)items[i].Item).EventName, ignoreCase: false);
        }
    }

    private static void CheckText(string name, JsonElement item, string actual, bool ignoreCase)
    {
        JsonProperty last = item.EnumerateObject().LastOrDefault(p => p.NameEquals(name) && p.Value.ValueKind != JsonValueKind.Null);
        if (!TryText(last.Value, out string expected))
        {
            return;
        }

        if (!string.Equals(expected, actual, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))
        {
            throw new FuzzFailureException($"{name} is \"{expected}\" in the JSON, \"{actual}\" in what became of it");
        }
    }

    // What is no text (bytes that are not UTF-8, half of a surrogate pair) cannot be compared as one.
    private static bool TryText(JsonElement value, out string text)
    {
        text = "";
        try
        {
            text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // An object stands for an array of one, null for nothing; of a name that stands twice both count.
    private static IEnumerable<JsonElement> Objects(JsonElement parent, string name) => parent.EnumerateObject().Where(p => p.NameEquals(name))
        .SelectMany(p => p.Value.ValueKind == JsonValueKind.Array ? [.. p.Value.EnumerateArray()] : (IEnumerable<JsonElement>)[p.Value])
        .Where(e => e.ValueKind == JsonValueKind.Object);

    private void CheckReaders(ReadOnlyMemory<byte> protobuf, bool isLogs, List<ReferenceItem>? items)
    {
        if (!_admission.TryRead(isLogs ? Signal.Logs : Signal.Traces, protobuf.Span))
        {
            // Of a resource or scope that stands twice the JSON reader makes two.
            if (StrictOtlp.Find(protobuf.Span, isLogs ? LogsData.Descriptor : TracesData.Descriptor) == Oddities.None)
            {
                throw new FuzzFailureException($"admission does not take what the transcoder wrote: {_admission.Malformed}");
            }

            return;
        }

        int decoded = 0;
        foreach (SpanLogAppend record in _builder.Build(_admission, protobuf.Span, 1, 1 << 20).Span)
        {
            _batch.Clear();
            string? error = isLogs ? new LogDecoder(_batch).Decode(record.Value, 0) : new SpanDecoder(_batch).Decode(record.Value, 0);
            decoded += error is null ? _batch.Count : throw new FuzzFailureException($"a record that we made cannot be decoded: {error}");
        }

        if (items is not null && decoded + _admission.Rejected != items.Count)
        {
            throw new FuzzFailureException($"{items.Count} items became {decoded}, {_admission.Rejected} were rejected");
        }
    }
}
