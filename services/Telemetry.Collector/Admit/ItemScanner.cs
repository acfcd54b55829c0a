using Telemetry.Contracts.Wire;

namespace Telemetry.Collector.Admit;

/// <summary>
/// Walks the wire structure of one span or log record without decoding it: every nested message must be well-formed, and the few things
/// that admission needs are picked up on the way. A known field with another wire type counts as an unknown field, as in every protobuf library. Text is not checked for UTF-8 here; the Processor decides what to do with it.
/// </summary>
internal static class ItemScanner
{
    /// <summary>Values nested deeper than this are not walked further; limits are configured below it.</summary>
    private const int HardDepth = 101;

    /// <summary>Scans a span; false when the bytes are not a well-formed Span.</summary>
    public static bool TryScanSpan(ReadOnlySpan<byte> span, ref ItemScan scan)
    {
        var reader = new ProtobufReader(span);
        while (reader.TryReadTag())
        {
            bool ok = (reader.FieldNumber, reader.WireType) switch
            {
                (OtlpFields.Span.TraceId, WireType.LengthDelimited) => reader.TryReadBytes(out scan.TraceId),
                (OtlpFields.Span.SpanId, WireType.LengthDelimited) => reader.TryReadBytes(out scan.SpanId),
                (OtlpFields.Span.Attributes, WireType.LengthDelimited) => reader.TryReadBytes(out var a) && TryScanAttribute(a, ref scan, 1),
                (OtlpFields.Span.Events, WireType.LengthDelimited) => reader.TryReadBytes(out var e)
                    && TryScanNested(e, OtlpFields.SpanEvent.Attributes, OtlpFields.SpanEvent.Name, ref scan),
                (OtlpFields.Span.Links, WireType.LengthDelimited) => reader.TryReadBytes(out var l)
                    && TryScanNested(l, OtlpFields.SpanLink.Attributes, nameField: 0, ref scan),
                (OtlpFields.Span.Status, WireType.LengthDelimited) => reader.TryReadBytes(out var s) && TrySkipAll(s),
                _ => reader.TrySkip(),
            };
            if (!ok)
            {
                return false;
            }
        }

        return !reader.IsMalformed;
    }

    /// <summary>Scans a log record; false when the bytes are not a well-formed LogRecord.</summary>
    public static bool TryScanLogRecord(ReadOnlySpan<byte> record, ref ItemScan scan)
    {
        var reader = new ProtobufReader(record);
        while (reader.TryReadTag())
        {
            bool ok = (reader.FieldNumber, reader.WireType) switch
            {
                (OtlpFields.LogRecord.TraceId, WireType.LengthDelimited) => reader.TryReadBytes(out scan.TraceId),
                (OtlpFields.LogRecord.SpanId, WireType.LengthDelimited) => reader.TryReadBytes(out scan.SpanId),
                (OtlpFields.LogRecord.Attributes, WireType.LengthDelimited) => reader.TryReadBytes(out var a) && TryScanAttribute(a, ref scan, 1),
                (OtlpFields.LogRecord.Body, WireType.LengthDelimited) => reader.TryReadBytes(out var b) && TryScanValue(b, ref scan, 1),
                (OtlpFields.LogRecord.EventName, WireType.LengthDelimited) => reader.TryReadBytes(out var n) && Mark(n, ref scan),
                _ => reader.TrySkip(),
            };
            if (!ok)
            {
                return false;
            }
        }

        return !reader.IsMalformed;
    }

    private static bool TryScanNested(ReadOnlySpan<byte> message, int attributesField, int nameField, ref ItemScan scan)
    {
        var reader = new ProtobufReader(message);
        while (reader.TryReadTag())
        {
            bool ok = reader.WireType == WireType.LengthDelimited && reader.FieldNumber == attributesField
                ? reader.TryReadBytes(out var attribute) && TryScanAttribute(attribute, ref scan, 1)
                : reader.WireType == WireType.LengthDelimited && reader.FieldNumber == nameField
                    ? reader.TryReadBytes(out var name) && Mark(name, ref scan)
                    : reader.TrySkip();
            if (!ok)
            {
                return false;
            }
        }

        return !reader.IsMalformed;
    }

    private static bool TryScanAttribute(ReadOnlySpan<byte> keyValue, ref ItemScan scan, int depth)
    {
        scan.Attributes++;
        scan.LargestAttribute = Math.Max(scan.LargestAttribute, keyValue.Length);
        var reader = new ProtobufReader(keyValue);
        while (reader.TryReadTag())
        {
            bool ok = (reader.FieldNumber, reader.WireType) switch
            {
                (OtlpFields.KeyValue.Key, WireType.LengthDelimited) => reader.TryReadBytes(out var key) && (depth > 1 || Mark(key, ref scan)),
                (OtlpFields.KeyValue.Value, WireType.LengthDelimited) => reader.TryReadBytes(out var value) && TryScanValue(value, ref scan, depth),
                _ => reader.TrySkip(),
            };
            if (!ok)
            {
                return false;
            }
        }

        return !reader.IsMalformed;
    }

    private static bool TryScanValue(ReadOnlySpan<byte> value, ref ItemScan scan, int depth)
    {
        scan.Depth = Math.Max(scan.Depth, depth);
        if (depth >= HardDepth)
        {
            return true;
        }

        var reader = new ProtobufReader(value);
        while (reader.TryReadTag())
        {
            bool ok = (reader.FieldNumber, reader.WireType) switch
            {
                (OtlpFields.AnyValue.Array, WireType.LengthDelimited) => reader.TryReadBytes(out var list) && TryScanList(list, ref scan, depth + 1, keyed: false),
                (OtlpFields.AnyValue.KeyValueList, WireType.LengthDelimited) => reader.TryReadBytes(out var list) && TryScanList(list, ref scan, depth + 1, keyed: true),
                _ => reader.TrySkip(),
            };
            if (!ok)
            {
                return false;
            }
        }

        return !reader.IsMalformed;
    }

    private static bool TryScanList(ReadOnlySpan<byte> list, ref ItemScan scan, int depth, bool keyed)
    {
        var reader = new ProtobufReader(list);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber != OtlpFields.ValueList.Values || reader.WireType != WireType.LengthDelimited)
            {
                if (!reader.TrySkip())
                {
                    return false;
                }

                continue;
            }

            if (!reader.TryReadBytes(out var item) || !(keyed ? TryScanAttribute(item, ref scan, depth) : TryScanValue(item, ref scan, depth)))
            {
                return false;
            }
        }

        return !reader.IsMalformed;
    }

    private static bool TrySkipAll(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.TryReadTag())
        {
            if (!reader.TrySkip())
            {
                return false;
            }
        }

        return !reader.IsMalformed;
    }

    private static bool Mark(ReadOnlySpan<byte> name, ref ItemScan scan)
    {
        scan.IsGenAi = scan.IsGenAi || GenAiMarkers.IsKey(name);
        return true;
    }
}
