using Telemetry.SpanLog;

namespace Telemetry.Fuzz.Support;

/// <summary>A lane that is asked for its name only.</summary>
internal sealed class FixedLane(string topic) : ISpanLogLane
{
    /// <inheritdoc />
    public string Topic => topic;

    /// <inheritdoc />
    public int Partition => 0;

    /// <inheritdoc />
    public string LogId => "fuzz";

    /// <inheritdoc />
    public bool IsExclusive => true;

    /// <inheritdoc />
    public CancellationToken Revoked => CancellationToken.None;

    /// <inheritdoc />
    public long StartOffset => 0;

    /// <inheritdoc />
    public long? Lag => null;

    /// <inheritdoc />
    public void Seek(long offset) => throw new NotSupportedException();

    /// <inheritdoc />
    public ValueTask<int> ReadAsync(List<SpanLogRecord> records, int maxRecords, int maxBytes, TimeSpan maxWait, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc />
    public void Release()
    {
    }

    /// <inheritdoc />
    public ValueTask CommitAsync(long nextOffset, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
