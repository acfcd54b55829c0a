using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Processor.Consume;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Write;

/// <summary>Tells in <c>span_log_progress</c>, every few seconds, how far the lanes of this Processor are: by that others know when a minute is complete.</summary>
internal sealed partial class ProgressReporter(ISpanLog log, ClickHouseClient client, string instance, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly LowCardinalityStringColumn _topics = new("topic");
    private readonly NumberColumn<int> _partitions = new("partition");
    private readonly LowCardinalityStringColumn _logs = new("log_id");
    private readonly NumberColumn<uint> _counts = new("partitions");
    private readonly DateTime64Column _passed = new("passed_at", 3);
    private readonly LowCardinalityStringColumn _processors = new("processor");
    private bool _failed;

    /// <summary>Reports until cancelled. What ClickHouse does not take is left out; the next report says more.</summary>
    public async Task RunAsync(Func<IEnumerable<Lane>> lanes, CancellationToken cancellation)
    {
        var block = new NativeBlock([_topics, _partitions, _logs, _counts, _passed, _processors]);
        using var timer = new PeriodicTimer(s_interval, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            Fill(block, lanes());
            await InsertAsync(block, cancellation);
        }
    }

    private void Fill(NativeBlock block, IEnumerable<Lane> lanes)
    {
        block.Clear();
        foreach (Lane lane in lanes)
        {
            if (lane.PassedAt is not { } passed || lane.Topic == SpanLogTopics.DeadLetters)
            {
                continue;
            }

            _topics.AppendText(lane.Topic);
            _partitions.Append(lane.Partition);
            _logs.AppendText(lane.LogId);
            _counts.Append((uint)log.PartitionCount(lane.Topic));
            _passed.Append(passed.ToUnixTimeMilliseconds());
            _processors.AppendText(instance);
        }
    }

    private async Task InsertAsync(NativeBlock block, CancellationToken cancellation)
    {
        try
        {
            await client.InsertAsync("span_log_progress", block, null, cancellation);
            _failed = false;
        }
        catch (ClickHouseException e)
        {
            if (!_failed)
            {
                LogNotTaken(e.Message);
            }

            _failed = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "cannot report the progress of the lanes, trying on: {Reason}")]
    private partial void LogNotTaken(string reason);
}
