using Telemetry.Contracts.Wire;

namespace Telemetry.Processor.Decode;

/// <summary>
/// Reads <c>LogsData</c> bytes into a batch, by slices: of each log record its ids, its event name as the item's name, its attributes, its body and its time as
/// the start. A record is taken whole or not at all.
/// </summary>
internal sealed class LogDecoder(SpanBatch batch)
{
    private string? _error;

    /// <summary>Adds the log records. Null on success; otherwise why they cannot be decoded, and none of them stays in the batch.</summary>
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
            else if (reader.FieldNumber != OtlpFields.Request.Resources)
            {
                reader.TrySkip();
            }
        }

        Check(reader, "LogsData");
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
            switch (reader.FieldNumber)
            {
                case OtlpFields.ResourceGroup.Resource when reader.TrySlice(group, out ReadOnlyMemory<byte> message):
                    ReadAttributes(message, resource);
                    break;
                case OtlpFields.ResourceGroup.Scopes when reader.TrySlice(group, out ReadOnlyMemory<byte> scope):
                    ReadScope(scope, offset);
                    break;
                case OtlpFields.ResourceGroup.Resource or OtlpFields.ResourceGroup.Scopes:
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        Check(reader, "ResourceLogs");
        foreach (SpanItem item in batch.Items[first..])
        {
            item.Span.Resource = resource;
        }
    }

    private void ReadScope(ReadOnlyMemory<byte> group, long offset)
    {
        var reader = new ProtobufReader(group.Span);
        while (_error is null && reader.TryReadTag())
        {
            switch (reader.FieldNumber)
            {
                case OtlpFields.ScopeGroup.Items when reader.TrySlice(group, out ReadOnlyMemory<byte> message):
                    DecodedSpan target = batch.Add().Span;
                    target.LogOffset = offset;
                    ReadLogRecord(message, target);
                    break;
                case OtlpFields.ScopeGroup.Items:
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        Check(reader, "ScopeLogs");
    }

    private void ReadLogRecord(ReadOnlyMemory<byte> message, DecodedSpan target)
    {
        ulong observed = 0;
        var reader = new ProtobufReader(message.Span);
        while (_error is null && reader.TryReadTag())
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

    private void ReadAttributes(ReadOnlyMemory<byte> message, AttributeSet target)
    {
        var reader = new ProtobufReader(message.Span);
        while (_error is null && reader.TryReadTag())
        {
            if (reader.FieldNumber == OtlpFields.Resource.Attributes && reader.TrySlice(message, out ReadOnlyMemory<byte> attribute))
            {
                Require(target.TryAdd(attribute), "Resource.attributes");
            }
            else if (reader.FieldNumber != OtlpFields.Resource.Attributes)
            {
                reader.TrySkip();
            }
        }

        Check(reader, "Resource");
    }

    private void Require(bool condition, string what)
    {
        if (!condition)
        {
            _error ??= $"{what} is not valid";
        }
    }

    private void Check(in ProtobufReader reader, string message)
    {
        if (reader.IsMalformed)
        {
            _error ??= $"{message} is malformed at its byte {reader.Position}";
        }
    }
}
