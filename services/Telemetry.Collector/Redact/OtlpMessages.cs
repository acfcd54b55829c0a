using Telemetry.Contracts.Wire;

namespace Telemetry.Collector.Redact;

/// <summary>The OTLP messages that hold texts.</summary>
internal enum OtlpMessage
{
    None,
    Text,
    Span,
    Event,
    Link,
    Status,
    LogRecord,
    Resource,
    Scope,
    KeyValue,
    AnyValue,
    ArrayValue,
    KeyValueList,
}

/// <summary>Which messages stand in which.</summary>
internal static class OtlpMessages
{
    /// <summary>What a length-delimited field of a message is; None for what holds no text that is looked at.</summary>
    public static OtlpMessage ChildOf(OtlpMessage message, int field) => (message, field) switch
    {
        (OtlpMessage.Span, OtlpFields.Span.Name) => OtlpMessage.Text,
        (OtlpMessage.Span, OtlpFields.Span.Attributes) => OtlpMessage.KeyValue,
        (OtlpMessage.Span, OtlpFields.Span.Events) => OtlpMessage.Event,
        (OtlpMessage.Span, OtlpFields.Span.Links) => OtlpMessage.Link,
        (OtlpMessage.Span, OtlpFields.Span.Status) => OtlpMessage.Status,
        (OtlpMessage.Event, OtlpFields.SpanEvent.Attributes) => OtlpMessage.KeyValue,
        (OtlpMessage.Link, OtlpFields.SpanLink.Attributes) => OtlpMessage.KeyValue,
        (OtlpMessage.Status, OtlpFields.Status.Message) => OtlpMessage.Text,
        (OtlpMessage.LogRecord, OtlpFields.LogRecord.Body) => OtlpMessage.AnyValue,
        (OtlpMessage.LogRecord, OtlpFields.LogRecord.Attributes) => OtlpMessage.KeyValue,
        (OtlpMessage.Resource, OtlpFields.Resource.Attributes) => OtlpMessage.KeyValue,
        (OtlpMessage.Scope, OtlpFields.Scope.Attributes) => OtlpMessage.KeyValue,
        (OtlpMessage.KeyValue, OtlpFields.KeyValue.Value) => OtlpMessage.AnyValue,
        (OtlpMessage.AnyValue, OtlpFields.AnyValue.String) => OtlpMessage.Text,
        (OtlpMessage.AnyValue, OtlpFields.AnyValue.Array) => OtlpMessage.ArrayValue,
        (OtlpMessage.AnyValue, OtlpFields.AnyValue.KeyValueList) => OtlpMessage.KeyValueList,
        (OtlpMessage.ArrayValue, OtlpFields.ValueList.Values) => OtlpMessage.AnyValue,
        (OtlpMessage.KeyValueList, OtlpFields.ValueList.Values) => OtlpMessage.KeyValue,
        _ => OtlpMessage.None,
    };

    /// <summary>The key of a KeyValue message; empty when it has none.</summary>
    public static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> keyValue)
    {
        ReadOnlySpan<byte> key = default;
        var reader = new ProtobufReader(keyValue);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber != OtlpFields.KeyValue.Key || reader.WireType != WireType.LengthDelimited || !reader.TryReadBytes(out ReadOnlySpan<byte> read))
            {
                reader.TrySkip();
                continue;
            }

            key = read;
        }

        return key;
    }
}
