using Telemetry.Processor.Attribution;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Write;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Consume;

/// <summary>The work on spans: the stages in their order, and the memory that one of them keeps.</summary>
internal sealed class SpanWork(
    SpanBatch batch, IReadOnlyList<IStage> before, AttributeStage attribute, IReadOnlyList<IStage> after, TraceWindow window, WindowLoader loader, BatchWriter writer) : IBatchWork
{
    private readonly SpanDecoder _decoder = new(batch);
    private readonly LateSpans _late = new(window);
    private int _counted;

    /// <inheritdoc />
    public int Count => batch.Count;

    /// <inheritdoc />
    public ulong Newest
    {
        get
        {
            ulong newest = 0;
            foreach (SpanItem item in batch.Items)
            {
                newest = Math.Max(newest, item.Span.End);
            }

            return newest;
        }
    }

    /// <inheritdoc />
    public string? Problem => writer.Problem;

    /// <inheritdoc />
    public async Task LoadAsync(ISpanLogLane lane, NotedRange replayed, CancellationToken cancellation)
    {
        await loader.LoadAsync(window, lane, replayed, cancellation);
        CountWindow();
    }

    /// <inheritdoc />
    public void Clear() => batch.Clear();

    /// <inheritdoc />
    public string? Decode(ReadOnlyMemory<byte> record, long offset) => _decoder.Decode(record, offset);

    /// <inheritdoc />
    public async Task WriteAsync(NotedRange range, int records, NotedRange? noted, CancellationToken cancellation)
    {
        if (noted is null)
        {
            await RememberLateAsync(cancellation);
        }

        attribute.Noted = noted is { } earlier ? BatchDecisions.Parse(earlier.Decisions) : null;
        foreach (IStage stage in before)
        {
            stage.Process(batch);
        }

        attribute.Process(batch);
        foreach (IStage stage in after)
        {
            stage.Process(batch);
        }

        CountWindow();
        await writer.WriteAsync(batch, attribute.Decisions, range with { Decisions = attribute.Decisions.ToString() }, records, noted is not null, cancellation);
    }

    /// <inheritdoc />
    public void Dispose() => ProcessorMetrics.WindowSpans.Add(-_counted);

    // A replayed batch has its decisions already.
    private async Task RememberLateAsync(CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, List<string>> traces = _late.Find(batch);
        if (traces.Count == 0)
        {
            return;
        }

        int asked = 0;
        await writer.RetryAsync("look for late spans", async () => asked = await loader.LoadTracesAsync(window, traces, cancellation), cancellation);
        ProcessorMetrics.LateTraces.Add(asked, new KeyValuePair<string, object?>("fate", "looked_up"));
        ProcessorMetrics.LateTraces.Add(traces.Count - asked, new KeyValuePair<string, object?>("fate", "not_looked_up"));
    }

    private void CountWindow()
    {
        ProcessorMetrics.WindowSpans.Add(window.Count - _counted);
        _counted = window.Count;
    }
}
