using Telemetry.Contracts.Spans;
using Telemetry.Contracts.Wire;

namespace Telemetry.Collector.Admit;

/// <summary>
/// One pass over an export request: checks its structure and limits, and notes which spans (or log records) go into which partition.
/// Reused from request to request, so that a steady stream of requests allocates nothing here. Not thread-safe.
/// </summary>
internal sealed class Admission(CollectorLimits limits, bool keepAll, int partitions)
{
    private const int TraceIdLength = 16;
    private const int SpanIdLength = 8;

    private AdmittedItem[] _items = new AdmittedItem[256];
    private int _unkeyed;
    private int _resource;
    private int _headerBytes;
    private string? _resourceRefusal;
    private string? _scopeRefusal;

    /// <summary>Scopes that have at least one admitted item, or had the chance to.</summary>
    public List<AdmittedScope> Scopes { get; } = [];

    /// <summary>What goes into the log.</summary>
    public ReadOnlySpan<AdmittedItem> Items => _items.AsSpan(0, ItemCount);

    /// <summary>Number of items that go into the log.</summary>
    public int ItemCount { get; private set; }

    /// <summary>Items without GenAI attributes, counted and let go.</summary>
    public int LetGo { get; private set; }

    /// <summary>Items that break a limit or a rule of OTLP; reported through partial_success.</summary>
    public int Rejected { get; private set; }

    /// <summary>Those of <see cref="Rejected"/> that were never among <see cref="Items"/>.</summary>
    public int RejectedBeforePublish { get; private set; }

    /// <summary>Why the first of them was rejected, for people; null when none was.</summary>
    public string? RejectedBecause { get; private set; }

    /// <summary>The reason of the first rejection as a metric label.</summary>
    public string? RejectionReason { get; private set; }

    /// <summary>Why the whole request is refused; null when it is well-formed.</summary>
    public string? Malformed { get; private set; }

    /// <summary>The tenant that the request says it is of, as records of the span log do; empty when it says nothing, as clients do. It counts for nothing but to be compared.</summary>
    public ByteRange ClaimedTenant { get; private set; }

    /// <summary>Reads a request. False when it is not OTLP; see <see cref="Malformed"/>.</summary>
    public bool TryRead(Signal signal, ReadOnlySpan<byte> request)
    {
        Reset();
        var reader = new ProtobufReader(request);
        int resourceIndex = 0;
        while (reader.TryReadTag())
        {
            if (reader.FieldNumber == OtlpFields.Request.Tenant && reader.WireType == WireType.LengthDelimited && reader.TryReadBytes(out ReadOnlySpan<byte> tenant))
            {
                ClaimedTenant = new ByteRange(reader.Position - tenant.Length, tenant.Length);
                continue;
            }

            if (reader.FieldNumber != OtlpFields.Request.Resources || reader.WireType != WireType.LengthDelimited)
            {
                reader.TrySkip();
                continue;
            }

            if (reader.TryReadBytes(out ReadOnlySpan<byte> group) && !TryReadResource(signal, request, group, reader.Position - group.Length, resourceIndex++))
            {
                return false;
            }
        }

        RejectedBeforePublish = Rejected;
        return !reader.IsMalformed || Fail($"not a protobuf message: field {OtlpFields.Request.Resources} breaks off or a tag is not valid at byte {reader.Position}");
    }

    private bool TryReadResource(Signal signal, ReadOnlySpan<byte> request, ReadOnlySpan<byte> group, int origin, int resourceIndex)
    {
        if (!TryFindHeader(group, origin, out GroupHeader header) || !ItemScanner.TryScanResource(header.Message.Of(request), ref header.Scan))
        {
            return Fail("a ResourceSpans or ResourceLogs message, or its resource, is not well-formed or has two resources");
        }

        _resource = header.Field.Length + header.SchemaUrl.Length;
        _resourceRefusal = HeaderRefusal("resource", in header.Scan);
        var reader = new ProtobufReader(group);
        while (reader.TryReadTag())
        {
            if (reader.WireType != WireType.LengthDelimited || reader.FieldNumber != OtlpFields.ResourceGroup.Scopes)
            {
                reader.TrySkip();
            }
            else if (reader.TryReadBytes(out ReadOnlySpan<byte> scope)
                && !TryReadScope(signal, request, scope, origin + reader.Position - scope.Length, in header, resourceIndex))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadScope(
        Signal signal, ReadOnlySpan<byte> request, ReadOnlySpan<byte> group, int origin, in GroupHeader resource, int resourceIndex)
    {
        if (!TryFindHeader(group, origin, out GroupHeader header) || !ItemScanner.TryScanScope(header.Message.Of(request), ref header.Scan))
        {
            return Fail("a ScopeSpans or ScopeLogs message, or its scope, is not well-formed or has two scopes");
        }

        _headerBytes = _resource + header.Field.Length + header.SchemaUrl.Length;
        _scopeRefusal = HeaderRefusal("scope", in header.Scan);
        int index = Scopes.Count;
        Scopes.Add(new AdmittedScope(resource.Field, resource.SchemaUrl, header.Field, header.SchemaUrl, resourceIndex));
        var reader = new ProtobufReader(group);
        while (reader.TryReadTag())
        {
            if (reader.WireType != WireType.LengthDelimited || reader.FieldNumber != OtlpFields.ScopeGroup.Items)
            {
                reader.TrySkip();
            }
            else if (reader.TryReadBytes(out ReadOnlySpan<byte> item)
                && !TryReadItem(signal, item, origin + reader.Position - item.Length, index, header.Scan.IsGenAi))
            {
                return false;
            }
        }

        return true;
    }

    // The resource (scope) and schema URL of a group: normally first, but JSON senders and rare encoders put them behind the items. Every record repeats
    // them, and the scope's name marks its spans, so they are looked for before the items. Protobuf would merge two of them; nobody sends that.
    private static bool TryFindHeader(ReadOnlySpan<byte> group, int origin, out GroupHeader header)
    {
        header = default;
        var reader = new ProtobufReader(group);
        int start = 0;
        while (reader.TryReadTag())
        {
            if (reader.WireType != WireType.LengthDelimited)
            {
                reader.TrySkip();
            }
            else if (reader.TryReadBytes(out ReadOnlySpan<byte> value))
            {
                var field = new ByteRange(origin + start, reader.Position - start);
                if (reader.FieldNumber == OtlpFields.ResourceGroup.Resource)
                {
                    if (header.Field.Length > 0)
                    {
                        return false;
                    }

                    header.Field = field;
                    header.Message = new ByteRange(origin + reader.Position - value.Length, value.Length);
                }
                else if (reader.FieldNumber == OtlpFields.ResourceGroup.SchemaUrl)
                {
                    header.SchemaUrl = field;
                }
            }

            start = reader.Position;
        }

        return !reader.IsMalformed;
    }

    private string? HeaderRefusal(string what, in ItemScan scan) =>
        scan.Depth > limits.MaxDepth ? $"attribute values of the {what} nest {scan.Depth} deep; allowed: {limits.MaxDepth} (limit MaxDepth)"
        : scan.Attributes > limits.MaxAttributes ? $"the {what} has {scan.Attributes} attributes; allowed: {limits.MaxAttributes} (limit MaxAttributes)"
        : scan.LargestAttribute > limits.MaxAttributeBytes
            ? $"an attribute of the {what} has {scan.LargestAttribute} bytes; allowed: {limits.MaxAttributeBytes} (limit MaxAttributeBytes)"
            : null;

    private bool TryReadItem(Signal signal, ReadOnlySpan<byte> item, int start, int scope, bool marked)
    {
        var scan = default(ItemScan);
        if (!(signal == Signal.Traces ? ItemScanner.TryScanSpan(item, ref scan) : ItemScanner.TryScanLogRecord(item, ref scan)))
        {
            return Fail($"a {(signal == Signal.Traces ? "Span" : "LogRecord")} message is not well-formed");
        }

        if (ItemCount + LetGo + Rejected >= limits.MaxItems)
        {
            return Fail($"more than {limits.MaxItems} spans or log records in one request (limit MaxItems)");
        }

        if (!(scan.IsGenAi || marked || keepAll))
        {
            LetGo++;
        }
        else if (IsWithinLimits(signal, in scan))
        {
            Add(new AdmittedItem(scope, start, item.Length, PartitionOf(scan.TraceId)));
        }

        return true;
    }

    private bool IsWithinLimits(Signal signal, in ItemScan scan)
    {
        if (signal == Signal.Traces && (scan.TraceId.Length != TraceIdLength || !scan.TraceId.ContainsAnyExcept((byte)0)))
        {
            return Reject("trace_id", $"trace_id has {scan.TraceId.Length} bytes{AllZero(scan.TraceId)}; allowed: {TraceIdLength} bytes, not all zero");
        }

        if (signal == Signal.Traces && (scan.SpanId.Length != SpanIdLength || !scan.SpanId.ContainsAnyExcept((byte)0)))
        {
            return Reject("span_id", $"span_id has {scan.SpanId.Length} bytes{AllZero(scan.SpanId)}; allowed: {SpanIdLength} bytes, not all zero");
        }

        if ((_resourceRefusal ?? _scopeRefusal) is { } refusal)
        {
            return Reject("resource", refusal);
        }

        if (_headerBytes > limits.MaxResourceBytes)
        {
            return Reject("resource", $"resource and scope have {_headerBytes} bytes; allowed: {limits.MaxResourceBytes} (limit MaxResourceBytes)");
        }

        if (scan.Depth > limits.MaxDepth)
        {
            return Reject("depth", $"attribute values nest {scan.Depth} deep; allowed: {limits.MaxDepth} (limit MaxDepth)");
        }

        if (scan.Attributes > limits.MaxAttributes)
        {
            return Reject("attributes", $"{scan.Attributes} attributes; allowed: {limits.MaxAttributes} (limit MaxAttributes)");
        }

        return scan.LargestAttribute <= limits.MaxAttributeBytes
            || Reject("attribute_bytes", $"an attribute has {scan.LargestAttribute} bytes; allowed: {limits.MaxAttributeBytes} (limit MaxAttributeBytes)");
    }

    /// <summary>Notes an item that cannot be taken; public to the publisher, which knows the largest record.</summary>
    public bool Reject(string reason, string message)
    {
        Rejected++;
        RejectionReason ??= reason;
        RejectedBecause ??= message;
        return false;
    }

    /// <summary>Puts another version of an item in its place, with its bytes elsewhere.</summary>
    public void Replace(int index, AdmittedItem item) => _items[index] = item;

    private static string AllZero(ReadOnlySpan<byte> id) => id.Length > 0 && !id.ContainsAnyExcept((byte)0) ? ", all zero" : "";

    // A log record may belong to no trace; such records are spread evenly.
    private int PartitionOf(ReadOnlySpan<byte> traceId) =>
        traceId.IsEmpty ? (int)((uint)_unkeyed++ % (uint)partitions) : TracePartitioner.PartitionOf(traceId, partitions);

    private void Add(in AdmittedItem item)
    {
        if (ItemCount == _items.Length)
        {
            Array.Resize(ref _items, _items.Length * 2);
        }

        _items[ItemCount++] = item;
    }

    private bool Fail(string reason)
    {
        Malformed ??= reason;
        return false;
    }

    private void Reset()
    {
        Scopes.Clear();
        ClaimedTenant = default;
        ItemCount = LetGo = Rejected = RejectedBeforePublish = 0;
        RejectedBecause = RejectionReason = Malformed = null;
    }

    // What a ResourceSpans or ScopeSpans says once for everything in it.
    private ref struct GroupHeader
    {
        public ByteRange Field;
        public ByteRange Message;
        public ByteRange SchemaUrl;
        public ItemScan Scan;
    }
}
