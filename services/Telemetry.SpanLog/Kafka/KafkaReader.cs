using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Telemetry.SpanLog.Kafka;

/// <summary>One member of a consumer group: a thread that polls, and a lane for each assigned partition.</summary>
internal sealed class KafkaReader : ISpanLogReader
{
    private readonly Channel<KafkaLane> _lanes = Channel.CreateUnbounded<KafkaLane>();
    private readonly KafkaPoll _poll;
    private readonly Lock _gate = new();
    private Thread? _thread;
    private bool _disposed;

    public KafkaReader(SpanLogOptions options, string group, IReadOnlyList<string> topics, ILogger logger, TimeProvider time) =>
        _poll = new KafkaPoll(options, group, topics, logger, time, lane => _lanes.Writer.TryWrite(lane));

    /// <inheritdoc />
    public async IAsyncEnumerable<ISpanLogLane> LanesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_thread is null)
            {
                _thread = new Thread(_poll.Run) { IsBackground = true, Name = "span-log-poll" };
                _thread.Start();
            }
        }

        while (await WaitAsync(cancellationToken))
        {
            while (_lanes.Reader.TryRead(out KafkaLane? lane))
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
        Thread? thread;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            thread = _thread;
        }

        _lanes.Writer.TryComplete();
        _poll.Stop();
        while (_lanes.Reader.TryRead(out KafkaLane? lane))
        {
            await lane.DisposeAsync();
        }

        if (thread is not null)
        {
            await Task.Run(thread.Join);
        }

        _poll.Dispose();
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
