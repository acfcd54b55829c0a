using Telemetry.Contracts.Wire;

namespace Telemetry.Processor.Decode;

/// <summary>Reads the frame that spans and log records share, resources and scopes around items, into a batch, by slices. A record is taken whole or not at all.</summary>
/// <param name="batch">Gets the items.</param>
/// <param name="signal">What the messages' names end with, as <c>Spans</c> of <c>ResourceSpans</c>.</param>
internal abstract class OtlpDecoder(SpanBatch batch, string signal)
{
    private readonly string _resourceGroup = $"Resource{signal}";
    private readonly string _scopeGroup = $"Scope{signal}";

    /// <summary>Why the record at hand cannot be decoded; null as long as it can.</summary>
    protected string? Error { get; private set; }

    /// <summary>Adds the items of a record. Null on success; otherwise why the record cannot be decoded, and nothing of it stays in the batch.</summary>
    public string? Decode(ReadOnlyMemory<byte> record, long offset)
    {
        int mark = batch.Count;
        Error = null;
        ReadOnlyMemory<byte> tenant = batch.DefaultTenant;
        var reader = new ProtobufReader(record.Span);
        while (Error is null && reader.TryReadTag())
        {
            switch (reader.FieldNumber)
            {
                case OtlpFields.Request.Resources when reader.TrySlice(record, out ReadOnlyMemory<byte> group):
                    ReadResource(group, offset);
                    break;
                case OtlpFields.Request.Tenant when reader.TrySlice(record, out ReadOnlyMemory<byte> name):
                    Require(Tenants.IsName(name.Span), "The record's tenant");
                    tenant = name;
                    break;
                case OtlpFields.Request.Resources or OtlpFields.Request.Tenant:
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        foreach (SpanItem item in batch.Items[mark..])
        {
            item.Span.Tenant = tenant;
        }

        Check(reader, "The record");
        if (Error is not null)
        {
            batch.TruncateTo(mark);
        }

        return Error;
    }

    /// <summary>Reads one span or log record.</summary>
    protected abstract void ReadItem(ReadOnlyMemory<byte> message, DecodedSpan target);

    /// <summary>The record is wrong unless the condition holds.</summary>
    protected void Require(bool condition, string what)
    {
        if (!condition)
        {
            Error ??= $"{what} is not valid";
        }
    }

    /// <summary>The record is wrong when a message of it could not be read to its end.</summary>
    protected void Check(in ProtobufReader reader, string message)
    {
        if (reader.IsMalformed)
        {
            Error ??= $"{message} is malformed at its byte {reader.Position}";
        }
    }

    private void ReadResource(ReadOnlyMemory<byte> group, long offset)
    {
        AttributeSet resource = batch.AddResource();
        int first = batch.Count;
        var reader = new ProtobufReader(group.Span);
        while (Error is null && reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (OtlpFields.ResourceGroup.Resource, WireType.LengthDelimited) when reader.TrySlice(group, out ReadOnlyMemory<byte> message):
                    ReadResourceAttributes(message, resource);
                    break;
                case (OtlpFields.ResourceGroup.Scopes, WireType.LengthDelimited) when reader.TrySlice(group, out ReadOnlyMemory<byte> scope):
                    ReadScopeGroup(scope, offset);
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        Check(reader, _resourceGroup);
        foreach (SpanItem item in batch.Items[first..])
        {
            item.Span.Resource = resource;
        }
    }

    private void ReadScopeGroup(ReadOnlyMemory<byte> group, long offset)
    {
        ReadOnlyMemory<byte> name = default;
        ReadOnlyMemory<byte> version = default;
        int first = batch.Count;
        var reader = new ProtobufReader(group.Span);
        while (Error is null && reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (OtlpFields.ScopeGroup.Scope, WireType.LengthDelimited) when reader.TrySlice(group, out ReadOnlyMemory<byte> scope):
                    (name, version) = ReadScope(scope);
                    break;
                case (OtlpFields.ScopeGroup.Items, WireType.LengthDelimited) when reader.TrySlice(group, out ReadOnlyMemory<byte> item):
                    DecodedSpan target = batch.Add().Span;
                    target.LogOffset = offset;
                    ReadItem(item, target);
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        Check(reader, _scopeGroup);
        foreach (SpanItem item in batch.Items[first..])
        {
            item.Span.ScopeName = name;
            item.Span.ScopeVersion = version;
        }
    }

    private (ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Version) ReadScope(ReadOnlyMemory<byte> scope)
    {
        ReadOnlyMemory<byte> name = default;
        ReadOnlyMemory<byte> version = default;
        var reader = new ProtobufReader(scope.Span);
        while (reader.TryReadTag())
        {
            switch (reader.FieldNumber, reader.WireType)
            {
                case (OtlpFields.Scope.Name, WireType.LengthDelimited) when reader.TrySlice(scope, out ReadOnlyMemory<byte> slice):
                    name = slice;
                    break;
                case (OtlpFields.Scope.Version, WireType.LengthDelimited) when reader.TrySlice(scope, out ReadOnlyMemory<byte> slice):
                    version = slice;
                    break;
                default:
                    reader.TrySkip();
                    break;
            }
        }

        Check(reader, "Scope");
        return (name, version);
    }

    private void ReadResourceAttributes(ReadOnlyMemory<byte> message, AttributeSet target)
    {
        var reader = new ProtobufReader(message.Span);
        while (Error is null && reader.TryReadTag())
        {
            if (reader.FieldNumber != OtlpFields.Resource.Attributes)
            {
                reader.TrySkip();
            }
            else if (reader.TrySlice(message, out ReadOnlyMemory<byte> attribute))
            {
                Require(target.TryAdd(attribute), "Resource.attributes");
            }
        }

        Check(reader, "Resource");
    }
}
