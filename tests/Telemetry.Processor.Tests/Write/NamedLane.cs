using Telemetry.SpanLog;

namespace Telemetry.Processor.Tests.Write;

/// <summary>A lane that is asked for its name only.</summary>
internal sealed class NamedLane(string log, bool isExclusive = false) : ISpanLogLane
{
    public string Topic => SpanLogTopics.Spans;

    public int Partition => 3;

    public string LogId => log;

    public bool IsExclusive => isExclusive;

    public CancellationToken Revoked => CancellationToken.None;

    public long StartOffset => 0;

    public long? Lag => null;

    public void Seek(long offset) => throw new NotSupportedException();

    public ValueTask<int> ReadAsync(List<SpanLogRecord> records, int maxRecords, int maxBytes, TimeSpan maxWait, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public void Release() => throw new NotSupportedException();

    public ValueTask CommitAsync(long nextOffset, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
