using FASTER.core;

namespace Telemetry.SpanLog.Local;

/// <summary>Reads one partition in order from a given address, copying records into the caller's buffers.</summary>
internal sealed class RecordScan(LocalPartition partition, long start) : IDisposable
{
    private FasterLogScanIterator? _scan;
    private int _generation = -1;
    private byte[] _heldBack = [];
    private SpanLogRecord? _heldRecord;

    /// <summary>Where reading goes on.</summary>
    public long Position { get; private set; } = start;

    /// <summary>Whether a durable record may be there to read.</summary>
    public bool HasMore => Position < partition.Durable;

    /// <summary>Skips one record; false at the end.</summary>
    public static unsafe bool TrySkip(FasterLogScanIterator scan, out long next)
    {
        bool found = scan.UnsafeGetNext(out _, out _, out _, out next);
        if (found)
        {
            scan.UnsafeRelease();
        }

        return found;
    }

    /// <summary>Goes to another address.</summary>
    public void Seek(long address)
    {
        partition.Read((_, _) =>
        {
            Close();
            return true;
        });
        _heldRecord = null;
        Position = address;
    }

    /// <summary>Appends durable records within the limits (at least one, however large) and returns how many.</summary>
    public int Read(List<SpanLogRecord> records, RecordBuffers buffers, int maxRecords, int maxBytes) =>
        partition.Read((log, generation) =>
        {
            if (_scan is null || generation != _generation)
            {
                Close();
                _heldRecord = null;
                _generation = generation;
                _scan = log.Scan(Math.Max(Position, partition.Begin), long.MaxValue, scanUncommitted: false);
            }

            return ReadOpen(_scan, records, buffers, maxRecords, maxBytes);
        });

    /// <inheritdoc />
    public void Dispose() => partition.Read((_, _) =>
    {
        Close();
        return true;
    });

    private unsafe int ReadOpen(FasterLogScanIterator scan, List<SpanLogRecord> records, RecordBuffers buffers, int maxRecords, int maxBytes)
    {
        int count = 0;
        long bytes = 0;
        if (_heldRecord is { } held)
        {
            records.Add(held with { Value = buffers.Copy(held.Value.Span) });
            (count, bytes, Position, _heldRecord) = (1, held.Value.Length, held.NextOffset, null);
        }

        while (count < maxRecords && bytes < maxBytes && scan.NextAddress < partition.Durable
            && scan.UnsafeGetNext(out byte* entry, out int length, out long address, out long next))
        {
            var value = new ReadOnlySpan<byte>(entry, length);
            if (count > 0 && bytes + length > maxBytes)
            {
                HoldBack(value, address, next);
                scan.UnsafeRelease();
                break;
            }

            records.Add(new SpanLogRecord(address, next, buffers.Copy(value)));
            scan.UnsafeRelease();
            count++;
            bytes += length;
            Position = next;
        }

        return count;
    }

    /// <summary>Keeps the record that went over the caller's limit for the next call.</summary>
    private void HoldBack(ReadOnlySpan<byte> value, long address, long next)
    {
        if (_heldBack.Length < value.Length)
        {
            _heldBack = new byte[value.Length];
        }

        value.CopyTo(_heldBack);
        _heldRecord = new SpanLogRecord(address, next, _heldBack.AsMemory(0, value.Length));
    }

    private void Close()
    {
        _scan?.Dispose();
        _scan = null;
    }
}
