using Telemetry.ClickHouse.Client;
using Telemetry.Processor.Attribution;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Processor.Screen;

namespace Telemetry.Processor.Write;

/// <summary>Writes the spans of one lane: the range is noted, then every table gets one block, then calls of earlier batches are taken back.</summary>
internal sealed class BatchWriter : ISpanRows
{
    private readonly LaneInserts _inserts;
    private readonly double _contentShare;
    private readonly CallRows _calls;
    private readonly SpanRows _spans;
    private readonly ContentRows _content;
    private readonly RuleScoreRows _scores;
    private readonly ToldScoreRows _told;
    private readonly OwnedRows _callOwners;
    private readonly OwnedRows _spanOwners;
    private readonly OwnedRows _contentOwners;
    private readonly OwnedRows _scoreOwners;
    private readonly OwnedRows _toldOwners;
    private readonly OwnedRows[] _tables;
    private readonly CorrectionWriter _corrections;
    private int _spanCount;

    public BatchWriter(LaneInserts inserts, ClickHouseClient client, AttributeKeys attributeKeys, CallMessages messages, int partition, double contentShare)
    {
        var keys = new ResourceKeys(attributeKeys);
        _inserts = inserts;
        _contentShare = contentShare;
        _calls = new CallRows(keys, partition);
        _spans = new SpanRows(keys, partition);
        _content = new ContentRows(keys, messages, partition, "span");
        _scores = new RuleScoreRows(keys, partition);
        _told = new ToldScoreRows(attributeKeys, keys, partition);
        _callOwners = new OwnedRows(_calls.Block);
        _spanOwners = new OwnedRows(_spans.Block);
        _contentOwners = new OwnedRows(_content.Block);
        _scoreOwners = new OwnedRows(_scores.Block);
        _toldOwners = new OwnedRows(_told.Block);
        _tables = [_callOwners, _spanOwners, _contentOwners, _scoreOwners, _toldOwners];
        _corrections = new CorrectionWriter(client);
    }

    /// <summary>Why the last attempt failed; null when writing goes well.</summary>
    public string? Problem => _inserts.Problem;

    /// <summary>Tries something that asks ClickHouse until it answers.</summary>
    public Task RetryAsync(string what, Func<Task> attempt, CancellationToken cancellation) => _inserts.RetryAsync(what, attempt, cancellation);

    /// <inheritdoc />
    public void Clear()
    {
        _spanCount = 0;
        foreach (OwnedRows rows in _tables)
        {
            rows.Clear();
        }
    }

    /// <inheritdoc />
    public void Append(ReadOnlySpan<SpanItem> items)
    {
        foreach (SpanItem item in items)
        {
            if (item.IsCall)
            {
                AppendCall(item);
            }
            else
            {
                AppendSpan(item);
            }

            _told.Append(item);
            _toldOwners.Own(_told.Count, item.Index);
            _spanCount = Math.Max(_spanCount, item.Index + 1);
        }
    }

    /// <inheritdoc />
    public void Remove(IReadOnlyCollection<int> indexes)
    {
        var owners = indexes.ToHashSet();
        foreach (OwnedRows rows in _tables)
        {
            rows.Remove(owners);
        }
    }

    /// <summary>Writes the batch; completes when all its rows are visible.</summary>
    /// <param name="decisions">What it decided about spans of earlier batches.</param>
    /// <param name="range">Their range in the log.</param>
    /// <param name="records">Number of records.</param>
    /// <param name="isNoted">Whether the range was noted before a restart.</param>
    /// <param name="cancellation">Gives up; nothing is committed then.</param>
    public async Task WriteAsync(BatchDecisions decisions, NotedRange range, int records, bool isNoted, CancellationToken cancellation)
    {
        await _inserts.NoteAsync(range, records, _calls.Block.RowCount, _spans.Block.RowCount, isNoted, cancellation);
        await _inserts.InsertAsync("llm_content", _content.Block, range, cancellation);
        await _inserts.InsertAsync("llm_spans", _spans.Block, range, cancellation);
        await _inserts.InsertAsync("llm_scores", _scores.Block, range, cancellation);
        await _inserts.InsertAsync("llm_scores", _told.Block, range, cancellation, "told_scores");
        await _inserts.InsertAsync("llm_calls", _calls.Block, range, cancellation);
        await _corrections.WriteAsync(decisions.Corrections, _inserts.Token("corrections", range), _inserts.RetryAsync, cancellation);
        Measure();
    }

    private void AppendSpan(SpanItem item)
    {
        _spans.Append(item);
        _spanOwners.Own(_spans.Count, item.Index);
        if (RetrievedTexts.MayHave(item) && ContentShare.Keeps(_contentShare, item.Span.TraceId.Span, isAlways: false))
        {
            _content.AppendRetrieved(item, Math.Min(_contentShare, 1));
            _contentOwners.Own(_content.Count, item.Index);
        }
    }

    private void AppendCall(SpanItem item)
    {
        bool isAlways = item.Call.IsError || ScreenFlags.CallForContent(item.Call.Hits);
        if (ContentShare.Keeps(_contentShare, item.Span.TraceId.Span, isAlways))
        {
            _content.Append(item, isAlways ? 1 : Math.Min(_contentShare, 1));
            _contentOwners.Own(_content.Count, item.Index);
        }

        _calls.Append(item);
        _callOwners.Own(_calls.Count, item.Index);
        _scores.Append(item);
        _scoreOwners.Own(_scores.Count, item.Index);
    }

    // From the rows rather than on the way: what was taken back is not counted.
    private void Measure()
    {
        ProcessorMetrics.Spans.Add(_calls.Count, new KeyValuePair<string, object?>("fate", "call"));
        ProcessorMetrics.Spans.Add(_spans.Count, new KeyValuePair<string, object?>("fate", "span"));
        ProcessorMetrics.Spans.Add(_spanCount - _calls.Count - _spans.Count, new KeyValuePair<string, object?>("fate", "duplicate"));
        ProcessorMetrics.Estimated.Add(_calls.Estimated);
        _calls.ForEachCostReason((reason, calls) => ProcessorMetrics.Unpriced.Add(calls, new KeyValuePair<string, object?>("reason", reason)));
        _scores.ForEachFlag((flag, calls) => ProcessorMetrics.Flagged.Add(calls, new KeyValuePair<string, object?>("flag", flag)));
    }
}
