using Telemetry.Processor.Decode;
using Telemetry.Processor.Events;
using Telemetry.Processor.Write;
using Telemetry.SpanLog;

namespace Telemetry.Processor.Consume;

/// <summary>The work on GenAI events that arrive as log records: content and evaluations of spans, never calls of their own.</summary>
internal sealed class LogWork(SpanBatch batch, EventWriter writer) : IBatchWork
{
    private readonly LogDecoder _decoder = new(batch);

    /// <inheritdoc />
    public int Count => batch.Count;

    /// <inheritdoc />
    public ulong Newest => 0;

    /// <inheritdoc />
    public string? Problem => writer.Problem;

    /// <inheritdoc />
    public Task LoadAsync(ISpanLogLane lane, NotedRange replayed, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc />
    public void Clear() => batch.Clear();

    /// <inheritdoc />
    public string? Decode(ReadOnlyMemory<byte> record, long offset) => _decoder.Decode(record, offset);

    /// <inheritdoc />
    public Task WriteAsync(NotedRange range, int records, NotedRange? noted, CancellationToken cancellation) =>
        writer.WriteAsync(batch, range, records, noted is not null, cancellation);

    /// <inheritdoc />
    public void Dispose()
    {
        // Nothing is held.
    }
}
