namespace Telemetry.Contracts.Wire;

/// <summary>Field numbers of the OTLP messages, opentelemetry-proto v1.11.0, one nested class a message.</summary>
public static class OtlpFields
{
    /// <summary>ExportTraceServiceRequest and TracesData; ExportLogsServiceRequest and LogsData have the same shape.</summary>
    public static class Request
    {
        /// <summary>repeated ResourceSpans resource_spans / repeated ResourceLogs resource_logs.</summary>
        public const int Resources = 1;

        /// <summary>
        /// string tenant: ours, not OTLP's, in records of the span log. Readers of OTLP step over it as over any unknown field. The Collector alone writes it; absent means the tenant of records that name none.
        /// </summary>
        public const int Tenant = 50_001;
    }

    /// <summary>ResourceSpans and ResourceLogs.</summary>
    public static class ResourceGroup
    {
        /// <summary>Resource resource.</summary>
        public const int Resource = 1;

        /// <summary>repeated ScopeSpans scope_spans / repeated ScopeLogs scope_logs.</summary>
        public const int Scopes = 2;

        /// <summary>string schema_url.</summary>
        public const int SchemaUrl = 3;
    }

    /// <summary>ScopeSpans and ScopeLogs.</summary>
    public static class ScopeGroup
    {
        /// <summary>InstrumentationScope scope.</summary>
        public const int Scope = 1;

        /// <summary>repeated Span spans / repeated LogRecord log_records.</summary>
        public const int Items = 2;

        /// <summary>string schema_url.</summary>
        public const int SchemaUrl = 3;
    }

    /// <summary>Resource.</summary>
    public static class Resource
    {
        /// <summary>repeated KeyValue attributes.</summary>
        public const int Attributes = 1;

        /// <summary>uint32 dropped_attributes_count.</summary>
        public const int DroppedAttributesCount = 2;

        /// <summary>repeated EntityRef entity_refs.</summary>
        public const int EntityRefs = 3;
    }

    /// <summary>InstrumentationScope.</summary>
    public static class Scope
    {
        /// <summary>string name.</summary>
        public const int Name = 1;

        /// <summary>string version.</summary>
        public const int Version = 2;

        /// <summary>repeated KeyValue attributes.</summary>
        public const int Attributes = 3;
    }

    /// <summary>Span.</summary>
    public static class Span
    {
        /// <summary>bytes trace_id, 16 bytes, not all zero.</summary>
        public const int TraceId = 1;

        /// <summary>bytes span_id, 8 bytes, not all zero.</summary>
        public const int SpanId = 2;

        /// <summary>string trace_state.</summary>
        public const int TraceState = 3;

        /// <summary>bytes parent_span_id; empty for a root span.</summary>
        public const int ParentSpanId = 4;

        /// <summary>string name.</summary>
        public const int Name = 5;

        /// <summary>SpanKind kind.</summary>
        public const int Kind = 6;

        /// <summary>fixed64 start_time_unix_nano.</summary>
        public const int StartTimeUnixNano = 7;

        /// <summary>fixed64 end_time_unix_nano.</summary>
        public const int EndTimeUnixNano = 8;

        /// <summary>repeated KeyValue attributes.</summary>
        public const int Attributes = 9;

        /// <summary>uint32 dropped_attributes_count.</summary>
        public const int DroppedAttributesCount = 10;

        /// <summary>repeated Event events.</summary>
        public const int Events = 11;

        /// <summary>uint32 dropped_events_count.</summary>
        public const int DroppedEventsCount = 12;

        /// <summary>repeated Link links.</summary>
        public const int Links = 13;

        /// <summary>uint32 dropped_links_count.</summary>
        public const int DroppedLinksCount = 14;

        /// <summary>Status status.</summary>
        public const int Status = 15;

        /// <summary>fixed32 flags.</summary>
        public const int Flags = 16;
    }

    /// <summary>Span.Event.</summary>
    public static class SpanEvent
    {
        /// <summary>fixed64 time_unix_nano.</summary>
        public const int TimeUnixNano = 1;

        /// <summary>string name.</summary>
        public const int Name = 2;

        /// <summary>repeated KeyValue attributes.</summary>
        public const int Attributes = 3;

        /// <summary>uint32 dropped_attributes_count.</summary>
        public const int DroppedAttributesCount = 4;
    }

    /// <summary>Span.Link.</summary>
    public static class SpanLink
    {
        /// <summary>bytes trace_id.</summary>
        public const int TraceId = 1;

        /// <summary>bytes span_id.</summary>
        public const int SpanId = 2;

        /// <summary>string trace_state.</summary>
        public const int TraceState = 3;

        /// <summary>repeated KeyValue attributes.</summary>
        public const int Attributes = 4;

        /// <summary>uint32 dropped_attributes_count.</summary>
        public const int DroppedAttributesCount = 5;

        /// <summary>fixed32 flags.</summary>
        public const int Flags = 6;
    }

    /// <summary>Status.</summary>
    public static class Status
    {
        /// <summary>string message.</summary>
        public const int Message = 2;

        /// <summary>StatusCode code: 0 unset, 1 ok, 2 error.</summary>
        public const int Code = 3;
    }

    /// <summary>KeyValue.</summary>
    public static class KeyValue
    {
        /// <summary>string key.</summary>
        public const int Key = 1;

        /// <summary>AnyValue value.</summary>
        public const int Value = 2;
    }

    /// <summary>AnyValue, a oneof.</summary>
    public static class AnyValue
    {
        /// <summary>string string_value.</summary>
        public const int String = 1;

        /// <summary>bool bool_value.</summary>
        public const int Bool = 2;

        /// <summary>int64 int_value.</summary>
        public const int Int = 3;

        /// <summary>double double_value.</summary>
        public const int Double = 4;

        /// <summary>ArrayValue array_value.</summary>
        public const int Array = 5;

        /// <summary>KeyValueList kvlist_value.</summary>
        public const int KeyValueList = 6;

        /// <summary>bytes bytes_value.</summary>
        public const int Bytes = 7;
    }

    /// <summary>ArrayValue and KeyValueList.</summary>
    public static class ValueList
    {
        /// <summary>repeated AnyValue values / repeated KeyValue values.</summary>
        public const int Values = 1;
    }

    /// <summary>LogRecord.</summary>
    public static class LogRecord
    {
        /// <summary>fixed64 time_unix_nano.</summary>
        public const int TimeUnixNano = 1;

        /// <summary>SeverityNumber severity_number.</summary>
        public const int SeverityNumber = 2;

        /// <summary>string severity_text.</summary>
        public const int SeverityText = 3;

        /// <summary>AnyValue body.</summary>
        public const int Body = 5;

        /// <summary>repeated KeyValue attributes.</summary>
        public const int Attributes = 6;

        /// <summary>uint32 dropped_attributes_count.</summary>
        public const int DroppedAttributesCount = 7;

        /// <summary>fixed32 flags.</summary>
        public const int Flags = 8;

        /// <summary>bytes trace_id; may be empty.</summary>
        public const int TraceId = 9;

        /// <summary>bytes span_id; may be empty.</summary>
        public const int SpanId = 10;

        /// <summary>fixed64 observed_time_unix_nano.</summary>
        public const int ObservedTimeUnixNano = 11;

        /// <summary>string event_name; non-empty makes the record an event.</summary>
        public const int EventName = 12;
    }

    /// <summary>ExportTraceServiceResponse and ExportLogsServiceResponse.</summary>
    public static class Response
    {
        /// <summary>PartialSuccess partial_success.</summary>
        public const int PartialSuccess = 1;
    }

    /// <summary>ExportTracePartialSuccess and ExportLogsPartialSuccess.</summary>
    public static class PartialSuccess
    {
        /// <summary>int64 rejected_spans / rejected_log_records.</summary>
        public const int Rejected = 1;

        /// <summary>string error_message.</summary>
        public const int ErrorMessage = 2;
    }
}
