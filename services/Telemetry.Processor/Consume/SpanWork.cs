using Telemetry.Processor.Attribution;
using Telemetry.Processor.Write;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Consume;

/// <summary>The work on spans: the stages in their order, and the memory that one of them keeps.</summary>
internal sealed class SpanWork(StageLine line, TraceWindow window, WindowLoader loader, BatchWriter writer) : IBatchWork
{
    private readonly LateSpans _late = new(window);
    private int _counted;

    /// <inheritdoc />
    public int Count => line.Count;

    /// <inheritdoc />
    public ulong Newest
    {
        get
        {
            long newest = 0;
            foreach (ref readonly SeenSpan span in line.Taken)
            {
                newest = Math.Max(newest, span.End);
            }

            return (ulong)newest;
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
    public void Clear() => line.Clear();

    /// <inheritdoc />
    public string? Decode(ReadOnlyMemory<byte> record, long offset) => line.Decode(record, offset);

    /// <inheritdoc />
    public async Task WriteAsync(NotedRange range, int records, NotedRange? noted, CancellationToken cancellation)
    {
        if (noted is null)
        {
            await RememberLateAsync(cancellation);
        }

        line.Finish(noted is { } earlier ? BatchDecisions.Parse(earlier.Decisions) : null);
        CountWindow();
        await writer.WriteAsync(line.Decisions, range with { Decisions = line.Decisions.ToString() }, records, noted is not null, cancellation);
    }

    /// <inheritdoc />
    public void Dispose() => ProcessorMetrics.WindowSpans.Add(-_counted);

    // A replayed batch has its decisions already.
    private async Task RememberLateAsync(CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, List<string>> traces = _late.Find(line.Taken);
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
