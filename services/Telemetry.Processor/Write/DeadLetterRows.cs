using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor.Write;

/// <summary>Rows for <c>dead_letters</c>.</summary>
internal sealed class DeadLetterRows
{
    private const long MillisecondTicks = TimeSpan.TicksPerMillisecond;

    private readonly DateTime64Column _at = new("at", 3);
    private readonly LowCardinalityStringColumn _topic = new("topic");
    private readonly NumberColumn<int> _partition = new("partition");
    private readonly NumberColumn<long> _offset = new("offset");
    private readonly StringColumn _reason = new("reason");
    private readonly StringColumn _record = new("record");
    private readonly NumberColumn<int> _logPartition = new("log_partition");
    private readonly NumberColumn<long> _logOffset = new("log_offset");
    private readonly int _ownPartition;

    public DeadLetterRows(int partition)
    {
        _ownPartition = partition;
        Block = new NativeBlock([_at, _topic, _partition, _offset, _reason, _record, _logPartition, _logOffset]);
    }

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Appends one letter.</summary>
    public void Append(DeadLetter letter, long offset)
    {
        _at.Append((letter.At - DateTimeOffset.UnixEpoch).Ticks / MillisecondTicks);
        _topic.AppendText(letter.Topic);
        _partition.Append(letter.Partition);
        _offset.Append(letter.Offset);
        _reason.Append(System.Text.Encoding.UTF8.GetBytes(letter.Reason));
        _record.Append(letter.Record.Span);
        _logPartition.Append(_ownPartition);
        _logOffset.Append(offset);
    }
}
