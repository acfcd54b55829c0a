using Telemetry.ClickHouse.Client;
using Telemetry.Processor.Attribution;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Screen;

namespace Telemetry.Processor.Write;

/// <summary>Writes the spans of one lane: the range is noted, then every table gets one block, then calls of earlier batches are taken back.</summary>
internal sealed class BatchWriter(LaneInserts inserts, ClickHouseClient client, ResourceKeys keys, AttributeKeys attributeKeys, int partition, double contentShare)
{
    private readonly CallRows _calls = new(keys, partition);
    private readonly SpanRows _spans = new(keys, partition);
    private readonly ContentRows _content = new(keys, attributeKeys, partition, "span");
    private readonly SpanScoreRows _scores = new(attributeKeys, keys, partition);
    private readonly CorrectionWriter _corrections = new(client);

    /// <summary>Why the last attempt failed; null when writing goes well.</summary>
    public string? Problem => inserts.Problem;

    /// <summary>Tries something that asks ClickHouse until it answers.</summary>
    public Task RetryAsync(string what, Func<Task> attempt, CancellationToken cancellation) => inserts.RetryAsync(what, attempt, cancellation);

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
        await inserts.NoteAsync(range, records, _calls.Block.RowCount, _spans.Block.RowCount, isNoted, cancellation);
        await inserts.InsertAsync("llm_content", _content.Block, range, cancellation);
        await inserts.InsertAsync("llm_spans", _spans.Block, range, cancellation);
        await inserts.InsertAsync("llm_scores", _scores.Block, range, cancellation);
        await inserts.InsertAsync("llm_calls", _calls.Block, range, cancellation);
        await _corrections.WriteAsync(decisions.Corrections, inserts.Token("corrections", range), inserts.RetryAsync, cancellation);
        ProcessorMetrics.Spans.Add(_calls.Block.RowCount, new KeyValuePair<string, object?>("fate", "call"));
        ProcessorMetrics.Spans.Add(_spans.Block.RowCount, new KeyValuePair<string, object?>("fate", "span"));
        ProcessorMetrics.Spans.Add(batch.Count - _calls.Block.RowCount - _spans.Block.RowCount, new KeyValuePair<string, object?>("fate", "duplicate"));
    }

    private void Fill(SpanBatch batch)
    {
        _calls.Block.Clear();
        _spans.Block.Clear();
        _content.Block.Clear();
        _scores.Block.Clear();
        foreach (SpanItem item in batch.Items)
        {
            if (item.IsDropped)
            {
                continue;
            }

            _scores.AppendTold(item);
            if (!item.IsCall)
            {
                _spans.Append(item);
                continue;
            }

            if (ContentShare.Keeps(contentShare, item.Span.TraceId.Span, item.Call.IsError || ScreenFlags.CallForContent(item.Call.Hits)))
            {
                _content.Append(item);
            }

            _calls.Append(item);
            _scores.AppendFindings(item);
            if (item.Call.Price.CostUsd is null)
            {
                ProcessorMetrics.Unpriced.Add(1, new KeyValuePair<string, object?>("reason", item.Call.Price.CostReason));
            }
        }
    }
}
