using Telemetry.Processor.Attribution;
using Telemetry.Processor.Decode;
using Telemetry.Processor.Write;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Consume;

/// <summary>The stages of one lane in their order, and the memory that one of them keeps.</summary>
internal sealed class LaneStages(IReadOnlyList<IStage> before, AttributeStage attribute, IReadOnlyList<IStage> after, TraceWindow window, WindowLoader loader) : IDisposable
{
    private int _counted;

    /// <summary>Fills the memory when the partition has been assigned.</summary>
    public async Task<int> LoadAsync(ISpanLogLane lane, NotedRange replayed, CancellationToken cancellation)
    {
        await loader.LoadAsync(window, lane, replayed, cancellation);
        Count();
        return window.Count;
    }

    /// <summary>Runs a batch through; <paramref name="noted"/> is what it decided the first time, when it is replayed.</summary>
    public BatchDecisions Process(SpanBatch batch, string? noted)
    {
        attribute.Noted = noted is null ? null : BatchDecisions.Parse(noted);
        foreach (IStage stage in before)
        {
            stage.Process(batch);
        }

        attribute.Process(batch);
        foreach (IStage stage in after)
        {
            stage.Process(batch);
        }

        Count();
        return attribute.Decisions;
    }

    /// <inheritdoc />
    public void Dispose() => ProcessorMetrics.WindowSpans.Add(-_counted);

    private void Count()
    {
        ProcessorMetrics.WindowSpans.Add(window.Count - _counted);
        _counted = window.Count;
    }
}
