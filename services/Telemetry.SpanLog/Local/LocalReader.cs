using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Telemetry.SpanLog.Local;

/// <summary>One member of a group of the local log.</summary>
internal sealed class LocalReader(LocalGroup group, IReadOnlyList<LocalPartition> partitions) : ISpanLogReader
{
    private readonly HashSet<LocalPartition> _partitions = [.. partitions];
    private readonly Channel<LocalLane> _lanes = Channel.CreateUnbounded<LocalLane>();
    private int _state;

    /// <summary>Whether this member wants the partition.</summary>
    public bool Reads(LocalPartition partition) => _partitions.Contains(partition);

    /// <summary>Puts a lane up for the caller.</summary>
    public void Offer(LocalLane lane) => _lanes.Writer.TryWrite(lane);

    /// <inheritdoc />
    public async IAsyncEnumerable<ISpanLogLane> LanesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, 1, 0) == 0)
        {
            group.Join(this);
        }

        ObjectDisposedException.ThrowIf(Volatile.Read(ref _state) == 2, this);
        while (await WaitAsync(cancellationToken))
        {
            while (_lanes.Reader.TryRead(out LocalLane? lane))
            {
                if (lane.Revoked.IsCancellationRequested)
                {
                    await lane.DisposeAsync();
                    continue;
                }

                yield return lane;
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _state, 2) == 2)
        {
            return;
        }

        group.Leave(this);
        _lanes.Writer.TryComplete();
        while (_lanes.Reader.TryRead(out LocalLane? lane))
        {
            await lane.DisposeAsync();
        }
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _lanes.Reader.WaitToReadAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
