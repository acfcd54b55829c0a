using System.Buffers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Telemetry.Otlp;
using Telemetry.Processor.Decode;

namespace Telemetry.Fuzz.Reference;

/// <summary>One span or log record as the reference library reads it, with what it stands under.</summary>
internal sealed record ReferenceItem(IMessage Item, Resource? Resource, InstrumentationScope? Scope)
{
    /// <summary>Its trace id.</summary>
    public ByteString TraceId => Item is Span span ? span.TraceId : ((LogRecord)Item).TraceId;

    /// <summary>Its span id.</summary>
    public ByteString SpanId => Item is Span span ? span.SpanId : ((LogRecord)Item).SpanId;
}

/// <summary>OTLP as Google.Protobuf reads it, and whether the product has read the same.</summary>
internal static class OtlpReference
{
    /// <summary>The items in their order; null when the reference refuses the bytes, with the reason.</summary>
    public static List<ReferenceItem>? Read(ReadOnlySpan<byte> message, bool isLogs, out string? refusal)
    {
        refusal = null;
        try
        {
            return isLogs
                ? [.. LogsData.Parser.ParseFrom(message).ResourceLogs.SelectMany(r => r.ScopeLogs.SelectMany(s => s.LogRecords.Select(i => new ReferenceItem(i, r.Resource, s.Scope))))]
                : [.. TracesData.Parser.ParseFrom(message).ResourceSpans.SelectMany(r => r.ScopeSpans.SelectMany(s => s.Spans.Select(i => new ReferenceItem(i, r.Resource, s.Scope))))];
        }
        catch (InvalidProtocolBufferException e)
        {
            refusal = e.Message;
            return null;
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            // Faults of the reference (Google.Protobuf 3.25): it reads beyond the end of a message that is cut off within a varint or an unknown field.
            refusal = "the message is cut off";
            return null;
        }
    }

    /// <summary>Whether the reference refuses for what the product does not look at: text that is not UTF-8, and messages nested over a hundred deep.</summary>
    public static bool IsStricter(string refusal) =>
        refusal.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || refusal.Contains("UTF8", StringComparison.OrdinalIgnoreCase) || refusal.Contains("nest", StringComparison.OrdinalIgnoreCase);

    /// <summary>Nesting of an item's attribute values as admission counts it.</summary>
    public static int Depth(IMessage item) => item switch
    {
        Span span => Math.Max(Depth(span.Attributes), Math.Max(span.Events.Max(e => (int?)Depth(e.Attributes)) ?? 0, span.Links.Max(l => (int?)Depth(l.Attributes)) ?? 0)),
        LogRecord record => Math.Max(Depth(record.Attributes), Depth(record.Body)),
        _ => 0,
    };

    /// <summary>Null when the product has read the item as the reference has; otherwise what differs.</summary>
    public static string? Difference(ReferenceItem theirs, DecodedSpan ours, AttributeKeys keys) => theirs.Item is Span span
        ? SpanDifference(span, ours, keys)
            ?? AttributesDifference("resource", theirs.Resource?.Attributes, ours.Resource, keys)
            ?? TextDifference("scope name", theirs.Scope?.Name ?? "", ours.ScopeName)
            ?? TextDifference("scope version", theirs.Scope?.Version ?? "", ours.ScopeVersion)
        : RecordDifference((LogRecord)theirs.Item, ours, keys) ?? AttributesDifference("resource", theirs.Resource?.Attributes, ours.Resource, keys);

    private static string? SpanDifference(Span span, DecodedSpan ours, AttributeKeys keys)
    {
        int kind = (int)span.Kind is >= 0 and <= 5 ? (int)span.Kind : 0;
        int status = span.Status is { } s && (int)s.Code is >= 0 and <= 2 ? (int)s.Code : 0;
        return BytesDifference("trace_id", span.TraceId, ours.TraceId)
            ?? BytesDifference("span_id", span.SpanId, ours.SpanId)
            ?? BytesDifference("parent_span_id", span.ParentSpanId, ours.ParentSpanId)
            ?? TextDifference("name", span.Name, ours.Name)
            ?? NumberDifference("kind", kind, ours.Kind)
            ?? NumberDifference("status", status, ours.StatusCode)
            ?? NumberDifference("start", (Int128)span.StartTimeUnixNano, ours.Start)
            ?? NumberDifference("end", (Int128)span.EndTimeUnixNano, ours.End)
            ?? AttributesDifference("span", span.Attributes, ours.Attributes, keys)
            ?? NumberDifference("events", span.Events.Count, ours.Events.Length)
            ?? EventsDifference(span, ours, keys);
    }

    private static string? EventsDifference(Span span, DecodedSpan ours, AttributeKeys keys)
    {
        for (int i = 0; i < span.Events.Count; i++)
        {
            Span.Types.Event theirs = span.Events[i];
            DecodedEvent e = ours.Events[i];
            if ((TextDifference("event name", theirs.Name, e.Name)
                ?? NumberDifference("event time", (Int128)theirs.TimeUnixNano, e.Time)
                ?? AttributesDifference("event", theirs.Attributes, e.Attributes, keys)) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static string? RecordDifference(LogRecord record, DecodedSpan ours, AttributeKeys keys) =>
        BytesDifference("trace_id", record.TraceId, ours.TraceId)
        ?? BytesDifference("span_id", record.SpanId, ours.SpanId)
        ?? TextDifference("event_name", record.EventName, ours.Name)
        ?? NumberDifference("time", (Int128)(record.TimeUnixNano > 0 ? record.TimeUnixNano : record.ObservedTimeUnixNano), ours.Start)
        ?? AttributesDifference("log record", record.Attributes, ours.Attributes, keys)
        ?? ValueDifference("body", record.Body, ours.Body);

    private static string? AttributesDifference(string what, RepeatedField<KeyValue>? theirs, AttributeSet ours, AttributeKeys keys)
    {
        var known = new Dictionary<int, KeyValue>();
        int others = 0;
        foreach (KeyValue attribute in theirs ?? [])
        {
            if (keys.TryFind(Encoding.UTF8.GetBytes(attribute.Key), out AttributeKey key))
            {
                known[key.Id] = attribute;
            }
            else if (others >= ours.Others.Count)
            {
                return $"{what}: attribute {attribute.Key} is missing";
            }
            else
            {
                (ReadOnlyMemory<byte> name, AttributeValue value) = ours.Others[others++];
                if ((TextDifference($"{what} attribute {others} key", attribute.Key, name) ?? ValueDifference($"{what} attribute {attribute.Key}", attribute.Value, value)) is { } difference)
                {
                    return difference;
                }
            }
        }

        foreach ((AttributeKey key, AttributeValue value) in ours.Known)
        {
            if (!known.Remove(key.Id, out KeyValue? attribute))
            {
                return $"{what}: known attribute {key.Id} is there twice or not sent";
            }

            if (ValueDifference($"{what} attribute {attribute.Key}", attribute.Value, value) is { } difference)
            {
                return difference;
            }
        }

        return NumberDifference($"{what} known attributes missing", 0, known.Count) ?? NumberDifference($"{what} other attributes", others, ours.Others.Count);
    }

    private static string? ValueDifference(string what, AnyValue? theirs, AttributeValue ours)
    {
        switch (theirs?.ValueCase ?? AnyValue.ValueOneofCase.None)
        {
            case AnyValue.ValueOneofCase.None when ours.Kind == ValueKind.None:
                return null;
            case AnyValue.ValueOneofCase.StringValue when ours.Kind == ValueKind.Text:
                return TextDifference(what, theirs!.StringValue, ours.Slice);
            case AnyValue.ValueOneofCase.BoolValue when ours.Kind == ValueKind.Bool:
                return NumberDifference(what, theirs!.BoolValue ? 1 : 0, ours.IntegerValue);
            case AnyValue.ValueOneofCase.IntValue when ours.Kind == ValueKind.Integer:
                return NumberDifference(what, theirs!.IntValue, ours.IntegerValue);
            case AnyValue.ValueOneofCase.DoubleValue when ours.Kind == ValueKind.Double:
                return NumberDifference(what, BitConverter.DoubleToInt64Bits(theirs!.DoubleValue), BitConverter.DoubleToInt64Bits(ours.DoubleValue));
            case AnyValue.ValueOneofCase.BytesValue when ours.Kind == ValueKind.Bytes:
                return BytesDifference(what, theirs!.BytesValue, ours.Slice);
            case AnyValue.ValueOneofCase.ArrayValue when ours.Kind == ValueKind.Array:
            case AnyValue.ValueOneofCase.KvlistValue when ours.Kind == ValueKind.KeyValueList:
                return JsonDifference(what, theirs!, ours);
            default:
                return $"{what}: reference has {theirs?.ValueCase}, we {ours.Kind}";
        }
    }

    // Structured values are told as JSON, so this holds their JSON against the reference too.
    private static string? JsonDifference(string what, AnyValue theirs, AttributeValue ours)
    {
        var expected = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(expected))
        {
            Write(writer, theirs, 0);
        }

        var actual = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(actual))
        {
            AnyValueJson.Write(writer, ours, 0);
        }

        return expected.WrittenSpan.SequenceEqual(actual.WrittenSpan)
            ? null
            : $"{what}: reference has {Encoding.UTF8.GetString(expected.WrittenSpan)}, we {Encoding.UTF8.GetString(actual.WrittenSpan)}";
    }

    private static void Write(Utf8JsonWriter writer, AnyValue? value, int depth)
    {
        const int Deepest = 64;
        switch (value?.ValueCase ?? AnyValue.ValueOneofCase.None)
        {
            case AnyValue.ValueOneofCase.StringValue:
                writer.WriteStringValue(value!.StringValue);
                break;
            case AnyValue.ValueOneofCase.BoolValue:
                writer.WriteBooleanValue(value!.BoolValue);
                break;
            case AnyValue.ValueOneofCase.IntValue:
                writer.WriteNumberValue(value!.IntValue);
                break;
            case AnyValue.ValueOneofCase.DoubleValue when double.IsFinite(value!.DoubleValue):
                writer.WriteNumberValue(value.DoubleValue);
                break;
            case AnyValue.ValueOneofCase.DoubleValue:
                writer.WriteStringValue(double.IsNaN(value!.DoubleValue) ? "NaN" : value.DoubleValue > 0 ? "Infinity" : "-Infinity");
                break;
            case AnyValue.ValueOneofCase.BytesValue:
                writer.WriteBase64StringValue(value!.BytesValue.Span);
                break;
            case AnyValue.ValueOneofCase.ArrayValue when depth < Deepest:
                writer.WriteStartArray();
                foreach (AnyValue item in value!.ArrayValue.Values)
                {
                    Write(writer, item, depth + 1);
                }

                writer.WriteEndArray();
                break;
            case AnyValue.ValueOneofCase.KvlistValue when depth < Deepest:
                writer.WriteStartObject();
                foreach (KeyValue item in value!.KvlistValue.Values)
                {
                    writer.WritePropertyName(item.Key);
                    Write(writer, item.Value, depth + 1);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static int Depth(RepeatedField<KeyValue> attributes)
    {
        int depth = 0;
        foreach (KeyValue attribute in attributes)
        {
            depth = Math.Max(depth, Depth(attribute.Value));
        }

        return depth;
    }

    private static int Depth(AnyValue? value)
    {
        if (value is null)
        {
            return 0;
        }

        int inner = value.ValueCase == AnyValue.ValueOneofCase.KvlistValue ? Depth(value.KvlistValue.Values) : 0;
        if (value.ValueCase == AnyValue.ValueOneofCase.ArrayValue)
        {
            foreach (AnyValue item in value.ArrayValue.Values)
            {
                inner = Math.Max(inner, Depth(item));
            }
        }

        return 1 + inner;
    }

    private static string? TextDifference(string what, string theirs, ReadOnlyMemory<byte> ours)
    {
        string text = Encoding.UTF8.GetString(ours.Span);
        return text == theirs ? null : $"{what}: reference has \"{theirs}\", we \"{text}\"";
    }

    private static string? BytesDifference(string what, ByteString theirs, ReadOnlyMemory<byte> ours) =>
        theirs.Span.SequenceEqual(ours.Span) ? null : $"{what}: reference has {Convert.ToHexString(theirs.Span)}, we {Convert.ToHexString(ours.Span)}";

    private static string? NumberDifference(string what, Int128 theirs, Int128 ours) => theirs == ours ? null : $"{what}: reference has {theirs}, we {ours}";
}
