using Telemetry.SpanLog;

namespace Telemetry.Fuzz.Support;

/// <summary>A span log that keeps nothing.</summary>
internal sealed class SwallowingLog : ISpanLog
{
    /// <inheritdoc />
    public int MaxRecordBytes => 32 << 10;

    /// <inheritdoc />
    public string? UnavailableReason => null;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public int PartitionCount(string topic) => 4;

    /// <inheritdoc />
    public ValueTask<AppendResult> AppendAsync(string topic, ReadOnlyMemory<SpanLogAppend> records, CancellationToken cancellationToken)
    {
        foreach (SpanLogAppend record in records.Span)
        {
            if (record.Value.Length > MaxRecordBytes)
            {
                throw new FuzzFailureException($"a record has {record.Value.Length} bytes; allowed: {MaxRecordBytes}");
            }
        }

        return ValueTask.FromResult(AppendResult.Durable);
    }

    /// <inheritdoc />
    public ISpanLogReader OpenReader(string group, IReadOnlyList<string> topics) => throw new NotSupportedException();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
