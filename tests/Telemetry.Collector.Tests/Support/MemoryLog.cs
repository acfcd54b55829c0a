using System.Collections.Concurrent;
using Telemetry.SpanLog;

namespace Telemetry.Collector.Tests.Support;

/// <summary>A span log in memory whose next answers a test can set.</summary>
internal sealed class MemoryLog : ISpanLog
{
    public ConcurrentQueue<(string Topic, int Partition, byte[] Value)> Records { get; } = [];

    /// <summary>What an append does before it is durable; null lets it through.</summary>
    public Func<CancellationToken, Task<AppendResult>>? OnAppend { get; set; }

    public int Partitions { get; init; } = 4;

    public int MaxRecordBytes { get; init; } = 1 << 20;

    public string? UnavailableReason => null;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public int PartitionCount(string topic) => Partitions;

    public async ValueTask<AppendResult> AppendAsync(string topic, ReadOnlyMemory<SpanLogAppend> records, CancellationToken cancellationToken)
    {
        AppendResult result = OnAppend is null ? AppendResult.Durable : await OnAppend(cancellationToken);
        if (result.Status == AppendStatus.Durable)
        {
            foreach (SpanLogAppend record in records.ToArray())
            {
                Assert.InRange(record.Value.Length, 1, MaxRecordBytes);
                Records.Enqueue((topic, record.Partition, record.Value.ToArray()));
            }
        }

        return result;
    }

    public ISpanLogReader OpenReader(string group, IReadOnlyList<string> topics) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
