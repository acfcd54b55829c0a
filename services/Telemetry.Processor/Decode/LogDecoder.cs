using Telemetry.Contracts.Wire;

namespace Telemetry.Processor.Decode;

/// <summary>
/// Reads <c>LogsData</c> bytes into a batch: of each log record its ids, its event name as the item's name, its attributes, its body and its time as the start.
/// </summary>
internal sealed class LogDecoder(SpanBatch batch) : OtlpDecoder(batch, "Logs")
{
    /// <inheritdoc />
    protected override void ReadItem(ReadOnlyMemory<byte> message, DecodedSpan target)
    {
        ulong observed = 0;
        var reader = new ProtobufReader(message.Span);
        while (Error is null && reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (OtlpFields.LogRecord.TimeUnixNano, WireType.Fixed64) when reader.TryReadFixed64(out ulong time):
                    target.Start = time;
                    break;
                case (OtlpFields.LogRecord.ObservedTimeUnixNano, WireType.Fixed64) when reader.TryReadFixed64(out observed):
                    break;
                case (OtlpFields.LogRecord.TraceId, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    target.TraceId = slice;
                    break;
                case (OtlpFields.LogRecord.SpanId, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    target.SpanId = slice;
                    break;
                case (OtlpFields.LogRecord.EventName, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    target.Name = slice;
                    break;
                case (OtlpFields.LogRecord.Attributes, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    Require(target.Attributes.TryAdd(slice), "LogRecord.attributes");
                    break;
                case (OtlpFields.LogRecord.Body, WireType.LengthDelimited) when reader.TrySlice(message, out ReadOnlyMemory<byte> slice):
                    target.Body = AttributeValue.Read(slice);
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        target.Start = target.Start > 0 ? target.Start : observed;
        Check(reader, "LogRecord");
    }
}
