using Telemetry.Processor.Attribution;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor;

/// <summary>
/// The stages of one lane in their order, over one batch at a time. A batch is larger than the processor's caches, so a span passes through as few times as can be:
/// once on arrival, from decoding to what attribution must know of it, and once more when the batch has been decided on, from counting tokens to its row.
/// </summary>
/// <param name="batch">The spans.</param>
/// <param name="arrival">What is done with the spans of a record at once.</param>
/// <param name="attribute">Decides over the whole batch.</param>
/// <param name="completion">What depends on the decision.</param>
internal sealed class StageLine(SpanBatch batch, IReadOnlyList<IStage> arrival, AttributeStage attribute, IReadOnlyList<IStage> completion)
{
    // A span and what is known of it are about 3 KB: these stay in a second-level cache of 256 KB beside what the stages need themselves.
    private const int Tile = 32;

    private readonly SpanDecoder _decoder = new(batch);

    /// <summary>The spans so far.</summary>
    public SpanBatch Batch => batch;

    /// <summary>What attribution knows of the spans so far.</summary>
    public ReadOnlySpan<SeenSpan> Taken => attribute.Taken;

    /// <summary>What the batch decided beyond what its spans say by themselves.</summary>
    public BatchDecisions Decisions => attribute.Decisions;

    /// <summary>Starts a new batch.</summary>
    public void Clear()
    {
        batch.Clear();
        attribute.Clear();
    }

    /// <summary>Adds a record; null on success, else why it cannot be decoded, and nothing of it is in the batch.</summary>
    public string? Decode(ReadOnlyMemory<byte> record, long offset)
    {
        int first = batch.Count;
        if (_decoder.Decode(record, offset) is { } error)
        {
            return error;
        }

        for (; first < batch.Count; first += Tile)
        {
            ReadOnlySpan<SpanItem> tile = Slice(first);
            Run(arrival, tile);
            attribute.Process(tile);
        }

        return null;
    }

    /// <summary>Decides on the batch, and hands each of its spans, finished, to <paramref name="rows"/>.</summary>
    /// <param name="noted">What the batch decided when it was processed before a restart; null when it is new.</param>
    /// <param name="rows">Takes the spans in their order.</param>
    public void Finish(BatchDecisions? noted, Action<ReadOnlySpan<SpanItem>> rows)
    {
        attribute.Noted = noted;
        attribute.Decide(batch);
        for (int first = 0; first < batch.Count; first += Tile)
        {
            ReadOnlySpan<SpanItem> tile = Slice(first);
            Run(completion, tile);
            rows(tile);
        }
    }

    private ReadOnlySpan<SpanItem> Slice(int first) => batch.Items.Slice(first, Math.Min(Tile, batch.Count - first));

    private static void Run(IReadOnlyList<IStage> stages, ReadOnlySpan<SpanItem> items)
    {
        for (int i = 0; i < stages.Count; i++)
        {
            stages[i].Process(items);
        }
    }
}
