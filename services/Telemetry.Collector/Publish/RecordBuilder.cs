using System.Buffers;
using Telemetry.Collector.Admit;
using Telemetry.Collector.Receive;
using Telemetry.Contracts.Wire;
using Telemetry.SpanLog;

namespace Telemetry.Collector.Publish;

/// <summary>
/// Builds the span log's records of one request: for each partition one <c>TracesData</c> (or <c>LogsData</c>) message with the resource,
/// the scope and the exact bytes of this partition's spans, split at the largest record that the log takes. Reused; not thread-safe.
/// </summary>
/// <remarks>
/// Lengths of the two enclosing messages are written as four-byte varints with padding, which protobuf allows, so that a message is
/// written in one pass and its length filled in at its end.
/// </remarks>
internal sealed class RecordBuilder : IDisposable
{
    private const int PaddedLength = 4;
    private const int GroupHeader = 1 + PaddedLength;
    private const int TenantTag = (OtlpFields.Request.Tenant << 3) | (int)WireType.LengthDelimited;
    private const int TenantHeader = 4;

    // Each record repeats resource and scope; a request made to be repeated often must not take memory out of proportion to its own size.
    private const int LargestGrowth = 8;
    private const int AlwaysAllowed = 1 << 20;

    private readonly List<(int Partition, int Start, int Length)> _records = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    private SpanLogAppend[] _appends = new SpanLogAppend[16];
    private int[] _order = new int[256];
    private int[] _next = new int[16];
    private int _length;

    /// <summary>Bytes of all records.</summary>
    public int Length => _length;

    /// <summary>Bytes that it holds, used or not.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>Builds the records; an item that fits no record is rejected on the admission. The result is valid until the next build.</summary>
    /// <param name="admission">What was admitted.</param>
    /// <param name="request">The request's bytes.</param>
    /// <param name="partitions">Partitions of the topic.</param>
    /// <param name="maxRecordBytes">Largest record that the log takes.</param>
    /// <param name="redacted">What redaction wrote; offsets behind the request's end point into it.</param>
    /// <param name="tenant">Whose it is; empty to leave it to the reader. Nothing of the request gets into its field, for only resources are taken from there.</param>
    public ReadOnlyMemory<SpanLogAppend> Build(
        Admission admission, ReadOnlySpan<byte> request, int partitions, int maxRecordBytes, ReadOnlySpan<byte> redacted = default, ReadOnlySpan<byte> tenant = default)
    {
        var source = new SourceBytes(request, redacted);
        _records.Clear();
        _length = 0;
        SortByPartition(admission.Items, partitions);
        int position = 0;
        while (position < admission.ItemCount)
        {
            position = BuildRecord(admission, source, position, maxRecordBytes, tenant);
            if (_length - AlwaysAllowed > (long)LargestGrowth * request.Length)
            {
                throw RefusedException.TooLarge(
                    "resource and scope, repeated for each partition's record,", ((long)LargestGrowth * request.Length) + AlwaysAllowed, "8 times the request and 1 MiB");
            }
        }

        if (_appends.Length < _records.Count)
        {
            _appends = new SpanLogAppend[_records.Count * 2];
        }

        for (int i = 0; i < _records.Count; i++)
        {
            _appends[i] = new SpanLogAppend(_records[i].Partition, _buffer.AsMemory(_records[i].Start, _records[i].Length));
        }

        return _appends.AsMemory(0, _records.Count);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    // Builds one record from the position on; gives the position behind its last item.
    private int BuildRecord(Admission admission, SourceBytes source, int position, int maxRecordBytes, ReadOnlySpan<byte> tenant)
    {
        int partition = admission.Items[_order[position]].Partition;
        int recordStart = _length;
        int resourceStart = -1;
        int scopeStart = -1;
        int resource = -1;
        int scope = -1;
        int written = 0;
        for (; position < admission.ItemCount; position++)
        {
            AdmittedItem item = admission.Items[_order[position]];
            AdmittedScope itsScope = admission.Scopes[item.Scope];
            int need = item.Length + 6 + (written == 0 ? tenant.Length + TenantHeader : 0) + (scope == item.Scope ? 0 : itsScope.Resource.Length + itsScope.ResourceSchemaUrl.Length
                + itsScope.Scope.Length + itsScope.ScopeSchemaUrl.Length + (2 * GroupHeader));
            if (item.Partition != partition || (written > 0 && _length - recordStart + need > maxRecordBytes))
            {
                break;
            }

            if (written == 0 && need > maxRecordBytes)
            {
                admission.Reject("record_bytes", $"a span has {item.Length} bytes with its resource {need}; allowed: {maxRecordBytes} (Telemetry:SpanLog:MaxRecordBytes)");
                continue;
            }

            if (written == 0)
            {
                WriteTenant(tenant);
            }

            if (scope != item.Scope)
            {
                CloseGroup(scopeStart);
                if (resource != itsScope.ResourceIndex)
                {
                    CloseGroup(resourceStart);
                    resourceStart = OpenGroup(OtlpFields.Request.Resources);
                    Write(source.Of(itsScope.Resource));
                    Write(source.Of(itsScope.ResourceSchemaUrl));
                    resource = itsScope.ResourceIndex;
                }

                scopeStart = OpenGroup(OtlpFields.ResourceGroup.Scopes);
                Write(source.Of(itsScope.Scope));
                Write(source.Of(itsScope.ScopeSchemaUrl));
                scope = item.Scope;
            }

            WriteItem(source.Of(new ByteRange(item.Start, item.Length)));
            written++;
        }

        CloseGroup(scopeStart);
        CloseGroup(resourceStart);
        if (written > 0)
        {
            _records.Add((partition, recordStart, _length - recordStart));
        }

        return position;
    }

    // A counting sort that keeps the order of the request within each partition.
    private void SortByPartition(ReadOnlySpan<AdmittedItem> items, int partitions)
    {
        if (_order.Length < items.Length)
        {
            _order = new int[items.Length * 2];
        }

        if (_next.Length <= partitions)
        {
            _next = new int[partitions + 1];
        }

        Array.Clear(_next);
        foreach (ref readonly AdmittedItem item in items)
        {
            _next[item.Partition + 1]++;
        }

        for (int i = 1; i <= partitions; i++)
        {
            _next[i] += _next[i - 1];
        }

        for (int i = 0; i < items.Length; i++)
        {
            _order[_next[items[i].Partition]++] = i;
        }
    }

    // Its length is below 128: one byte; its tag has three.
    private void WriteTenant(ReadOnlySpan<byte> tenant)
    {
        if (tenant.IsEmpty)
        {
            return;
        }

        Ensure(TenantHeader);
        _buffer[_length++] = 0x80 | (TenantTag & 0x7F);
        _buffer[_length++] = 0x80 | ((TenantTag >> 7) & 0x7F);
        _buffer[_length++] = TenantTag >> 14;
        _buffer[_length++] = (byte)tenant.Length;
        Write(tenant);
    }

    private int OpenGroup(int field)
    {
        Ensure(GroupHeader);
        _buffer[_length] = (byte)((field << 3) | (int)WireType.LengthDelimited);
        _length += GroupHeader;
        return _length;
    }

    private void CloseGroup(int start)
    {
        if (start < 0)
        {
            return;
        }

        int length = _length - start;
        Span<byte> prefix = _buffer.AsSpan(start - PaddedLength, PaddedLength);
        for (int i = 0; i < PaddedLength - 1; i++)
        {
            prefix[i] = (byte)(0x80 | (length >> (7 * i)));
        }

        prefix[PaddedLength - 1] = (byte)(length >> (7 * (PaddedLength - 1)));
    }

    private void WriteItem(ReadOnlySpan<byte> item)
    {
        Ensure(item.Length + 6);
        _buffer[_length++] = (OtlpFields.ScopeGroup.Items << 3) | (int)WireType.LengthDelimited;
        uint length = (uint)item.Length;
        while (length >= 0x80)
        {
            _buffer[_length++] = (byte)(length | 0x80);
            length >>= 7;
        }

        _buffer[_length++] = (byte)length;
        item.CopyTo(_buffer.AsSpan(_length));
        _length += item.Length;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Ensure(int more)
    {
        if (_buffer.Length - _length >= more)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + more));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
