using System.Runtime.CompilerServices;

namespace Telemetry.SpanLog.Local;

/// <summary>
/// One member of a group. The local log lives in one process, so there is no rebalancing: the first member takes every free
/// partition, and another takes over when a lane is disposed.
/// </summary>
internal sealed class LocalReader(LocalGroup group, IReadOnlyList<(string Topic, LocalPartition Partition)> partitions) : ISpanLogReader
{
    private readonly CancellationTokenSource _closed = new();

    /// <inheritdoc />
    public async IAsyncEnumerable<ISpanLogLane> LanesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        while (!stop.IsCancellationRequested)
        {
            Task released = group.Released;
            foreach ((string topic, LocalPartition partition) in partitions)
            {
                if (group.TryHold(partition))
                {
                    yield return new LocalLane(topic, partition, group, _closed.Token);
                }
            }

            try
            {
                await released.WaitAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await _closed.CancelAsync();
}
