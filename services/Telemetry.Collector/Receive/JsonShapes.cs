using Telemetry.Contracts.Wire;

namespace Telemetry.Collector.Receive;

/// <summary>How a JSON value of a field becomes protobuf.</summary>
internal enum JsonKind
{
    Message,
    Text,
    HexBytes,
    Base64Bytes,
    Fixed64,
    Fixed32,
    Unsigned,
    Signed,
    Bool,
    Double,
}

/// <summary>One field of a JSON message.</summary>
internal sealed record JsonField(int Number, JsonKind Kind, Func<JsonShape>? Shape = null, IReadOnlyDictionary<string, int>? Names = null);

/// <summary>
/// The fields of one OTLP message by their JSON names, which are lowerCamelCase and nothing else (OTLP specification, "JSON Protobuf Encoding").
/// </summary>
internal sealed class JsonShape(string name, params (string Name, JsonField Field)[] fields)
{
    private readonly Dictionary<string, JsonField> _fields = fields.ToDictionary(f => f.Name, f => f.Field, StringComparer.Ordinal);

    private static readonly Dictionary<string, int> KindNames = Enum("SPAN_KIND_", "UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");
    private static readonly Dictionary<string, int> StatusNames = Enum("STATUS_CODE_", "UNSET", "OK", "ERROR");

    private static readonly JsonShape KeyValue = new(
        "KeyValue",
        ("key", new(OtlpFields.KeyValue.Key, JsonKind.Text)),
        ("value", new(OtlpFields.KeyValue.Value, JsonKind.Message, () => AnyValue!)));

    private static readonly JsonShape ArrayValue = new("ArrayValue", ("values", new(OtlpFields.ValueList.Values, JsonKind.Message, () => AnyValue!)));
    private static readonly JsonShape KeyValueList = new("KeyValueList", ("values", new(OtlpFields.ValueList.Values, JsonKind.Message, () => KeyValue)));

    private static readonly JsonShape AnyValue = new(
        "AnyValue",
        ("stringValue", new(OtlpFields.AnyValue.String, JsonKind.Text)),
        ("boolValue", new(OtlpFields.AnyValue.Bool, JsonKind.Bool)),
        ("intValue", new(OtlpFields.AnyValue.Int, JsonKind.Signed)),
        ("doubleValue", new(OtlpFields.AnyValue.Double, JsonKind.Double)),
        ("arrayValue", new(OtlpFields.AnyValue.Array, JsonKind.Message, () => ArrayValue)),
        ("kvlistValue", new(OtlpFields.AnyValue.KeyValueList, JsonKind.Message, () => KeyValueList)),
        ("bytesValue", new(OtlpFields.AnyValue.Bytes, JsonKind.Base64Bytes)));

    private static readonly JsonShape Resource = new(
        "Resource",
        ("attributes", new(OtlpFields.Resource.Attributes, JsonKind.Message, () => KeyValue)),
        ("droppedAttributesCount", new(OtlpFields.Resource.DroppedAttributesCount, JsonKind.Unsigned)));

    private static readonly JsonShape Scope = new(
        "InstrumentationScope",
        ("name", new(OtlpFields.Scope.Name, JsonKind.Text)),
        ("version", new(OtlpFields.Scope.Version, JsonKind.Text)),
        ("attributes", new(OtlpFields.Scope.Attributes, JsonKind.Message, () => KeyValue)));

    private static readonly JsonShape SpanEvent = new(
        "Event",
        ("timeUnixNano", new(OtlpFields.SpanEvent.TimeUnixNano, JsonKind.Fixed64)),
        ("name", new(OtlpFields.SpanEvent.Name, JsonKind.Text)),
        ("attributes", new(OtlpFields.SpanEvent.Attributes, JsonKind.Message, () => KeyValue)),
        ("droppedAttributesCount", new(OtlpFields.SpanEvent.DroppedAttributesCount, JsonKind.Unsigned)));

    private static readonly JsonShape SpanLink = new(
        "Link",
        ("traceId", new(OtlpFields.SpanLink.TraceId, JsonKind.HexBytes)),
        ("spanId", new(OtlpFields.SpanLink.SpanId, JsonKind.HexBytes)),
        ("traceState", new(OtlpFields.SpanLink.TraceState, JsonKind.Text)),
        ("attributes", new(OtlpFields.SpanLink.Attributes, JsonKind.Message, () => KeyValue)),
        ("droppedAttributesCount", new(OtlpFields.SpanLink.DroppedAttributesCount, JsonKind.Unsigned)),
        ("flags", new(OtlpFields.SpanLink.Flags, JsonKind.Fixed32)));

    private static readonly JsonShape Status = new(
        "Status",
        ("message", new(OtlpFields.Status.Message, JsonKind.Text)),
        ("code", new(OtlpFields.Status.Code, JsonKind.Unsigned, Names: StatusNames)));

    private static readonly JsonShape Span = new(
        "Span",
        ("traceId", new(OtlpFields.Span.TraceId, JsonKind.HexBytes)),
        ("spanId", new(OtlpFields.Span.SpanId, JsonKind.HexBytes)),
        ("traceState", new(OtlpFields.Span.TraceState, JsonKind.Text)),
        ("parentSpanId", new(OtlpFields.Span.ParentSpanId, JsonKind.HexBytes)),
        ("name", new(OtlpFields.Span.Name, JsonKind.Text)),
        ("kind", new(OtlpFields.Span.Kind, JsonKind.Unsigned, Names: KindNames)),
        ("startTimeUnixNano", new(OtlpFields.Span.StartTimeUnixNano, JsonKind.Fixed64)),
        ("endTimeUnixNano", new(OtlpFields.Span.EndTimeUnixNano, JsonKind.Fixed64)),
        ("attributes", new(OtlpFields.Span.Attributes, JsonKind.Message, () => KeyValue)),
        ("droppedAttributesCount", new(OtlpFields.Span.DroppedAttributesCount, JsonKind.Unsigned)),
        ("events", new(OtlpFields.Span.Events, JsonKind.Message, () => SpanEvent)),
        ("droppedEventsCount", new(OtlpFields.Span.DroppedEventsCount, JsonKind.Unsigned)),
        ("links", new(OtlpFields.Span.Links, JsonKind.Message, () => SpanLink)),
        ("droppedLinksCount", new(OtlpFields.Span.DroppedLinksCount, JsonKind.Unsigned)),
        ("status", new(OtlpFields.Span.Status, JsonKind.Message, () => Status)),
        ("flags", new(OtlpFields.Span.Flags, JsonKind.Fixed32)));

    private static readonly JsonShape LogRecord = new(
        "LogRecord",
        ("timeUnixNano", new(OtlpFields.LogRecord.TimeUnixNano, JsonKind.Fixed64)),
        ("observedTimeUnixNano", new(OtlpFields.LogRecord.ObservedTimeUnixNano, JsonKind.Fixed64)),
        ("severityNumber", new(OtlpFields.LogRecord.SeverityNumber, JsonKind.Unsigned)),
        ("severityText", new(OtlpFields.LogRecord.SeverityText, JsonKind.Text)),
        ("body", new(OtlpFields.LogRecord.Body, JsonKind.Message, () => AnyValue)),
        ("attributes", new(OtlpFields.LogRecord.Attributes, JsonKind.Message, () => KeyValue)),
        ("droppedAttributesCount", new(OtlpFields.LogRecord.DroppedAttributesCount, JsonKind.Unsigned)),
        ("flags", new(OtlpFields.LogRecord.Flags, JsonKind.Fixed32)),
        ("traceId", new(OtlpFields.LogRecord.TraceId, JsonKind.HexBytes)),
        ("spanId", new(OtlpFields.LogRecord.SpanId, JsonKind.HexBytes)),
        ("eventName", new(OtlpFields.LogRecord.EventName, JsonKind.Text)));

    /// <summary>ExportTraceServiceRequest.</summary>
    public static JsonShape TraceRequest { get; } = Request("ExportTraceServiceRequest", "resourceSpans", "scopeSpans", "spans", () => Span);

    /// <summary>ExportLogsServiceRequest.</summary>
    public static JsonShape LogsRequest { get; } = Request("ExportLogsServiceRequest", "resourceLogs", "scopeLogs", "logRecords", () => LogRecord);

    /// <summary>Name of the message, for error texts.</summary>
    public string Name { get; } = name;

    /// <summary>The field of that JSON name; null for an unknown one, which is ignored.</summary>
    public JsonField? Find(string field) => _fields.GetValueOrDefault(field);

    private static JsonShape Request(string name, string resources, string scopes, string items, Func<JsonShape> item)
    {
        var scopeGroup = new JsonShape(
            scopes,
            ("scope", new(OtlpFields.ScopeGroup.Scope, JsonKind.Message, () => Scope)),
            (items, new(OtlpFields.ScopeGroup.Items, JsonKind.Message, item)),
            ("schemaUrl", new(OtlpFields.ScopeGroup.SchemaUrl, JsonKind.Text)));
        var resourceGroup = new JsonShape(
            resources,
            ("resource", new(OtlpFields.ResourceGroup.Resource, JsonKind.Message, () => Resource)),
            (scopes, new(OtlpFields.ResourceGroup.Scopes, JsonKind.Message, () => scopeGroup)),
            ("schemaUrl", new(OtlpFields.ResourceGroup.SchemaUrl, JsonKind.Text)));
        return new JsonShape(name, (resources, new(OtlpFields.Request.Resources, JsonKind.Message, () => resourceGroup)));
    }

    private static Dictionary<string, int> Enum(string prefix, params string[] names) =>
        names.Select((n, i) => (Name: prefix + n, Index: i)).ToDictionary(n => n.Name, n => n.Index, StringComparer.Ordinal);
}
