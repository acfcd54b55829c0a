using Telemetry.Contracts.Wire;

namespace Telemetry.Processor.Decode;

/// <summary>Reads <c>TracesData</c> bytes into a batch, by slices. A record is taken whole or not at all.</summary>
internal sealed class SpanDecoder(SpanBatch batch)
{
    private string? _error;

    /// <summary>Adds the spans of a record. Null on success; otherwise why the record cannot be decoded, and nothing of it stays in the batch.</summary>
    public string? Decode(ReadOnlyMemory<byte> record, long offset)
    {
        int mark = batch.Count;
        _error = null;
        var reader = new ProtobufReader(record.Span);
        while (_error is null && reader.TryReadTag())
        {
            if (reader.FieldNumber == OtlpFields.Request.Resources && reader.TrySlice(record, out ReadOnlyMemory<byte> group))
            {
                ReadResource(group, offset);
            }
            else if (!reader.IsMalformed && reader.FieldNumber != OtlpFields.Request.Resources)
            {
                reader.TrySkip();
            }
        }

        if (reader.IsMalformed)
        {
            Fail("TracesData", reader);
        }

        if (_error is not null)
        {
            batch.TruncateTo(mark);
        }

        return _error;
    }

    private void ReadResource(ReadOnlyMemory<byte> group, long offset)
    {
        AttributeSet resource = batch.AddResource();
        int first = batch.Count;
        var reader = new ProtobufReader(group.Span);
        while (_error is null && reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (OtlpFields.ResourceGroup.Resource, WireType.LengthDelimited) when reader.TrySlice(group, out ReadOnlyMemory<byte> message):
                    ReadAttributes(message, OtlpFields.Resource.Attributes, resource, "Resource");
                    break;
                case (OtlpFields.ResourceGroup.Scopes, WireType.LengthDelimited) when reader.TrySlice(group, out ReadOnlyMemory<byte> scope):
                    ReadScope(scope, offset);
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        if (reader.IsMalformed)
        {
            Fail("ResourceSpans", reader);
        }

        foreach (SpanItem item in batch.Items[first..])
        {
            item.Span.Resource = resource;
        }
    }

    private void ReadScope(ReadOnlyMemory<byte> group, long offset)
    {
        ReadOnlyMemory<byte> name = default;
        ReadOnlyMemory<byte> version = default;
        int first = batch.Count;
        var reader = new ProtobufReader(group.Span);
        while (_error is null && reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (OtlpFields.ScopeGroup.Scope, WireType.LengthDelimited) when reader.TrySlice(group, out ReadOnlyMemory<byte> scope):
                    (name, version) = ReadScope(scope);
                    break;
                case (OtlpFields.ScopeGroup.Items, WireType.LengthDelimited) when reader.TrySlice(group, out ReadOnlyMemory<byte> span):
                    DecodedSpan target = batch.Add().Span;
                    target.LogOffset = offset;
                    ReadSpan(span, target);
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        if (reader.IsMalformed)
        {
            Fail("ScopeSpans", reader);
        }

        foreach (SpanItem item in batch.Items[first..])
        {
            item.Span.ScopeName = name;
            item.Span.ScopeVersion = version;
        }
    }

    private static (ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Version) ReadScope(ReadOnlyMemory<byte> scope)
    {
        ReadOnlyMemory<byte> name = default;
        ReadOnlyMemory<byte> version = default;
        var reader = new ProtobufReader(scope.Span);
        while (reader.TryReadTag())
        {
            switch (reader.FieldNumber)
            {
                case OtlpFields.Scope.Name when reader.TrySlice(scope, out ReadOnlyMemory<byte> slice):
                    name = slice;
                    break;
                case OtlpFields.Scope.Version when reader.TrySlice(scope, out ReadOnlyMemory<byte> slice):
                    version = slice;
                    break;
                case OtlpFields.Scope.Name or OtlpFields.Scope.Version:
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        return (name, version);
    }

    private void ReadSpan(ReadOnlyMemory<byte> message, DecodedSpan span)
    {
        var reader = new ProtobufReader(message.Span);
        while (_error is null && reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (OtlpFields.Span.TraceId, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    span.TraceId = slice;
                    break;
                case (OtlpFields.Span.SpanId, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    span.SpanId = slice;
                    break;
                case (OtlpFields.Span.ParentSpanId, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    span.ParentSpanId = slice;
                    break;
                case (OtlpFields.Span.Name, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    span.Name = slice;
                    break;
                // An enum has 32 bits; more are cut off, as every protobuf library does.
                case (OtlpFields.Span.Kind, WireType.Varint) when reader.TryReadVarint(out ulong kind):
                    span.Kind = (int)kind is >= 0 and <= 5 ? (int)kind : 0;
                    break;
                case (OtlpFields.Span.StartTimeUnixNano, WireType.Fixed64) when reader.TryReadFixed64(out ulong time):
                    span.Start = time;
                    break;
                case (OtlpFields.Span.EndTimeUnixNano, WireType.Fixed64) when reader.TryReadFixed64(out ulong time):
                    span.End = time;
                    break;
                case (OtlpFields.Span.Attributes, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    Require(span.Attributes.TryAdd(slice), "Span.attributes");
                    break;
                case (OtlpFields.Span.Events, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    ReadEvent(slice, span.AddEvent());
                    break;
                case (OtlpFields.Span.Status, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    ReadStatus(slice, span);
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        if (reader.IsMalformed)
        {
            Fail("Span", reader);
        }

        const int TraceIdLength = 16;
        const int SpanIdLength = 8;
        Require(span.TraceId.Length == TraceIdLength && span.SpanId.Length == SpanIdLength, "Span.trace_id or span_id");
    }

    private void ReadEvent(ReadOnlyMemory<byte> message, DecodedEvent target)
    {
        var reader = new ProtobufReader(message.Span);
        while (_error is null && reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (OtlpFields.SpanEvent.TimeUnixNano, WireType.Fixed64) when reader.TryReadFixed64(out ulong time):
                    target.Time = time;
                    break;
                case (OtlpFields.SpanEvent.Name, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> name):
                    target.Name = name;
                    break;
                case (OtlpFields.SpanEvent.Attributes, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> attribute):
                    Require(target.Attributes.TryAdd(attribute), "Event.attributes");
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        if (reader.IsMalformed)
        {
            Fail("Event", reader);
        }
    }

    private void ReadStatus(ReadOnlyMemory<byte> message, DecodedSpan span)
    {
        var reader = new ProtobufReader(message.Span);
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber == OtlpFields.Status.Code && reader.WireType == WireType.Varint && reader.TryReadVarint(out ulong code))
            {
                span.StatusCode = (int)code is >= 0 and <= 2 ? (int)code : 0;
            }
            else
            {
                reader.TrySkip();
            }
        }

        if (reader.IsMalformed)
        {
            Fail("Status", reader);
        }
    }

    private void ReadAttributes(ReadOnlyMemory<byte> message, int field, AttributeSet target, string name)
    {
        var reader = new ProtobufReader(message.Span);
        while (_error is null && reader.TryReadTag())
        {
            if (reader.FieldNumber == field && reader.TrySlice(message, out ReadOnlyMemory<byte> attribute))
            {
                Require(target.TryAdd(attribute), name);
            }
            else if (reader.FieldNumber != field)
            {
                reader.TrySkip();
            }
        }

        if (reader.IsMalformed)
        {
            Fail(name, reader);
        }
    }

    private void Require(bool condition, string what)
    {
        if (!condition)
        {
            _error ??= $"{what} is not valid";
        }
    }

    private void Fail(string message, in ProtobufReader reader) => _error ??= $"{message} is malformed at its byte {reader.Position}";
}
