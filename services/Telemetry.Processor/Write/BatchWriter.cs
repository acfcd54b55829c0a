using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Processor.Attribution;
using Telemetry.Processor.Decode;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Write;

/// <summary>
/// Writes the batches of one lane, each exactly once: the range is noted, then every table gets one block under a token that names table and range. Whatever
/// ClickHouse refuses is tried again until it takes it; see docs/decisions/0040.
/// </summary>
internal sealed partial class BatchWriter(
    ISpanLogLane lane, ClickHouseClient client, BatchNotes notes, ResourceKeys keys, double contentShare, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly CallRows _calls = new(keys, lane.Partition);
    private readonly SpanRows _spans = new(keys, lane.Partition);
    private readonly CorrectionWriter _corrections = new(client);
    private readonly ContentRows _content = new(keys, lane.Partition);
    private volatile string? _problem;

    /// <summary>Why the last attempt failed; null when writing goes well.</summary>
    public string? Problem => _problem;

    /// <summary>Writes a batch; completes when all its rows are visible.</summary>
    /// <param name="batch">The spans after all stages.</param>
    /// <param name="decisions">What they decided about spans of earlier batches.</param>
    /// <param name="range">Their range in the log.</param>
    /// <param name="records">Number of records.</param>
    /// <param name="isNoted">Whether the range was noted before a restart.</param>
    /// <param name="cancellation">Gives up; nothing is committed then.</param>
    public async Task WriteAsync(SpanBatch batch, BatchDecisions decisions, NotedRange range, int records, bool isNoted, CancellationToken cancellation)
    {
        Fill(batch);
        if (!isNoted)
        {
            await RetryAsync("note the batch", () => notes.NoteAsync(lane, range, records, _calls.Block.RowCount, _spans.Block.RowCount, cancellation), cancellation);
        }

        await InsertAsync("llm_content", _content.Block, range, cancellation);
        await InsertAsync("llm_spans", _spans.Block, range, cancellation);
        await InsertAsync("llm_calls", _calls.Block, range, cancellation);
        await _corrections.WriteAsync(decisions.Corrections, Token("corrections", range), RetryAsync, cancellation);
        ProcessorMetrics.Spans.Add(_calls.Block.RowCount, new KeyValuePair<string, object?>("fate", "call"));
        ProcessorMetrics.Spans.Add(_spans.Block.RowCount, new KeyValuePair<string, object?>("fate", "span"));
        ProcessorMetrics.Spans.Add(batch.Count - _calls.Block.RowCount - _spans.Block.RowCount, new KeyValuePair<string, object?>("fate", "duplicate"));
    }

    private void Fill(SpanBatch batch)
    {
        _calls.Block.Clear();
        _spans.Block.Clear();
        _content.Block.Clear();
        foreach (SpanItem item in batch.Items)
        {
            if (item.IsDropped)
            {
                continue;
            }

            if (!item.IsCall)
            {
                _spans.Append(item);
                continue;
            }

            if (!item.Call.Content.IsEmpty && KeepsContent(item))
            {
                _content.Append(item);
            }

            _calls.Append(item);
            if (item.Call.Price.CostUsd is null)
            {
                ProcessorMetrics.Unpriced.Add(1, new KeyValuePair<string, object?>("reason", item.Call.Price.CostReason));
            }
        }
    }

    // The same traces on every replica and replay: the choice depends on the trace id alone.
    private bool KeepsContent(SpanItem item)
    {
        if (contentShare <= 0)
        {
            return false;
        }

        uint hash = Telemetry.Contracts.Spans.TracePartitioner.Murmur2(item.Span.TraceId.Span);
        return item.Call.IsError || hash <= contentShare * uint.MaxValue;
    }

    private Task InsertAsync(string table, NativeBlock block, NotedRange range, CancellationToken cancellation)
    {
        if (block.RowCount == 0)
        {
            return Task.CompletedTask;
        }

        string token = Token(table, range);
        return RetryAsync($"insert into {table}", () => client.InsertAsync(table, block, token, cancellation), cancellation);
    }

    private string Token(string what, NotedRange range) => $"{what}/{lane.Topic}/{lane.Partition}/{lane.LogId}/{range.First}-{range.Next}";

    private async Task RetryAsync(string what, Func<Task> attempt, CancellationToken cancellation)
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            try
            {
                await attempt();
                _problem = null;
                return;
            }
            catch (ClickHouseException e)
            {
                _problem = $"cannot {what}: {e.Message}";
                ProcessorMetrics.WriteRetries.Add(1);
                LogRetry(lane.Partition, what, pause.TotalSeconds, e.Message);
            }

            await Task.Delay(pause, time, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    [LoggerMessage(LogLevel.Warning, "partition {Partition}: cannot {What}, trying again in {Seconds} s: {Reason}")]
    private partial void LogRetry(int partition, string what, double seconds, string reason);
}
