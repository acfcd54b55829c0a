using Telemetry.Contracts.Wire;

namespace Telemetry.Processor.Decode;

/// <summary>Reads <c>TracesData</c> bytes into a batch.</summary>
internal sealed class SpanDecoder(SpanBatch batch) : OtlpDecoder(batch, "Spans")
{
    /// <inheritdoc />
    protected override void ReadItem(ReadOnlyMemory<byte> message, DecodedSpan target)
    {
        var reader = new ProtobufReader(message.Span);
        while (Error is null && reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (OtlpFields.Span.TraceId, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    target.TraceId = slice;
                    break;
                case (OtlpFields.Span.SpanId, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    target.SpanId = slice;
                    break;
                case (OtlpFields.Span.ParentSpanId, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    target.ParentSpanId = slice;
                    break;
                case (OtlpFields.Span.Name, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    target.Name = slice;
                    break;
                // An enum has 32 bits; more are cut off, as every protobuf library does.
                case (OtlpFields.Span.Kind, WireType.Varint) when reader.TryReadVarint(out ulong kind):
                    target.Kind = (int)kind is >= 0 and <= 5 ? (int)kind : 0;
                    break;
                case (OtlpFields.Span.StartTimeUnixNano, WireType.Fixed64) when reader.TryReadFixed64(out ulong time):
                    target.Start = time;
                    break;
                case (OtlpFields.Span.EndTimeUnixNano, WireType.Fixed64) when reader.TryReadFixed64(out ulong time):
                    target.End = time;
                    break;
                case (OtlpFields.Span.Attributes, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    Require(target.Attributes.TryAdd(slice), "Span.attributes");
                    break;
                case (OtlpFields.Span.Events, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    ReadEvent(slice, target.AddEvent());
                    break;
                case (OtlpFields.Span.Status, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    ReadStatus(slice, target);
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        Check(reader, "Span");

        const int TraceIdLength = 16;
        const int SpanIdLength = 8;
        Require(target.TraceId.Length == TraceIdLength && target.SpanId.Length == SpanIdLength, "Span.trace_id or span_id");
    }

    private void ReadEvent(ReadOnlyMemory<byte> message, DecodedEvent target)
    {
        var reader = new ProtobufReader(message.Span);
        while (Error is null && reader.TryReadTag())
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

        Check(reader, "Event");
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

        Check(reader, "Status");
    }
}
