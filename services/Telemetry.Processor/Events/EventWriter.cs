using Telemetry.Processor.Decode;
using Telemetry.Processor.Normalize.Messages;
using Telemetry.Processor.Write;

namespace Telemetry.Processor.Events;

/// <summary>
/// Writes the events of one lane: messages to <c>llm_content</c> beside what the span itself carried, judgements to <c>llm_scores</c>. An event is never a
/// call: the span tells of the call.
/// </summary>
internal sealed class EventWriter(AttributeKeys attributeKeys, LaneInserts inserts, int partition, double contentShare, TimeProvider time)
{
    private const int TraceIdLength = 16;
    private const int SpanIdLength = 8;
    private const long NanosecondsPerTick = 100;

    private readonly EventKeys _keys = new(attributeKeys);
    private readonly ContentRows _content = new(new ResourceKeys(attributeKeys), new CallMessages(attributeKeys), partition, "log");
    private readonly ScoreRows _scores = new(new EventKeys(attributeKeys), new ResourceKeys(attributeKeys), partition);

    /// <summary>Why the last attempt failed; null when writing goes well.</summary>
    public string? Problem => inserts.Problem;

    /// <summary>Writes a batch; completes when all its rows are visible.</summary>
    public async Task WriteAsync(SpanBatch batch, NotedRange range, int records, bool isNoted, CancellationToken cancellation)
    {
        Fill(batch);
        await inserts.NoteAsync(range, records, 0, 0, isNoted, cancellation);
        await inserts.InsertAsync("llm_content", _content.Block, range, cancellation);
        await inserts.InsertAsync("llm_scores", _scores.Block, range, cancellation);
    }

    private void Fill(SpanBatch batch)
    {
        _content.Block.Clear();
        _scores.Block.Clear();
        foreach (SpanItem item in batch.Items)
        {
            item.Call.StartNanoseconds = item.Span.Start is > 0 and <= long.MaxValue / 2 ? (long)item.Span.Start : (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
            ProcessorMetrics.Events.Add(1, new KeyValuePair<string, object?>("kind", Take(item)));
        }
    }

    private string Take(SpanItem item)
    {
        DecodedSpan record = item.Span;
        (EventKind kind, string role) = EventKinds.Of(record.Name.Length > 0 ? record.Name.Span : record.Attributes[_keys.Name].Text);
        if (kind == EventKind.Evaluation)
        {
            _scores.Append(item);
            return "evaluation";
        }

        if (kind == EventKind.Other)
        {
            return "other";
        }

        if (record.TraceId.Length != TraceIdLength || record.SpanId.Length != SpanIdLength)
        {
            return "without_span";
        }

        if (!ContentShare.Keeps(contentShare, record.TraceId.Span, isAlways: false))
        {
            return "not_sampled";
        }

        Read(item, kind, role);
        if (!item.Call.Content.IsEmpty)
        {
            _content.Append(item);
        }

        return "content";
    }

    private void Read(SpanItem item, EventKind kind, string role)
    {
        AttributeSet a = item.Span.Attributes;
        if (kind == EventKind.Details)
        {
            item.Call.Content.SystemInstructions = a[_keys.SystemInstructions];
            item.Call.Content.InputMessages = a[_keys.InputMessages];
            item.Call.Content.OutputMessages = a[_keys.OutputMessages];
            item.Call.Content.ToolDefinitions = a[_keys.ToolDefinitions];
            return;
        }

        AttributeValue body = item.Span.Body.Kind != ValueKind.None ? item.Span.Body : a[_keys.Content];
        var message = AttributeValue.OfText(EventMessage.Of(body, kind, role));
        if (message.Slice.Length == 0)
        {
            return;
        }

        if (kind == EventKind.Choice)
        {
            item.Call.Content.OutputMessages = message;
        }
        else
        {
            item.Call.Content.InputMessages = message;
        }
    }
}
