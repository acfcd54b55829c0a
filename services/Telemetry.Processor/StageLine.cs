using System.Runtime.InteropServices;
using Telemetry.Processor.Attribution;
using Telemetry.Processor.Decode;

namespace Telemetry.Processor;

/// <summary>
/// The stages of one lane in their order. A span passes all of them as soon as its record is there, while the processor's caches have it, and becomes a row of
/// what it is by itself. Which of the spans of a batch are billed is known only when all are there: the few that turn out to be something else are taken
/// out of the rows, read once more from their record, and become rows of what they are. So nothing is kept of a span but its row and what attribution must know.
/// </summary>
/// <param name="batch">Holds the spans of the record at hand.</param>
/// <param name="normalize">Tells what a span is by itself.</param>
/// <param name="attribute">Decides over the whole batch.</param>
/// <param name="completion">What is done with a span once it is known what it is.</param>
/// <param name="rows">Where the spans end up.</param>
internal sealed class StageLine(SpanBatch batch, IStage normalize, AttributeStage attribute, IReadOnlyList<IStage> completion, ISpanRows rows)
{
    private readonly SpanDecoder _decoder = new(batch);
    private readonly List<(ReadOnlyMemory<byte> Record, long Offset, int First)> _records = [];
    private readonly Dictionary<int, SpanOutcome> _outcomes = [];
    private readonly List<SpanItem> _again = [];

    /// <summary>Number of spans so far.</summary>
    public int Count => attribute.Taken.Length;

    /// <summary>What attribution knows of the spans so far.</summary>
    public ReadOnlySpan<SeenSpan> Taken => attribute.Taken;

    /// <summary>What the batch decided beyond what its spans say by themselves.</summary>
    public BatchDecisions Decisions => attribute.Decisions;

    /// <summary>Starts a new batch.</summary>
    public void Clear()
    {
        _records.Clear();
        attribute.Clear();
        rows.Clear();
    }

    /// <summary>Adds a record, whose bytes must stay until <see cref="Finish"/> is done; null on success, else why it cannot be decoded, and nothing of it is in the batch.</summary>
    public string? Decode(ReadOnlyMemory<byte> record, long offset)
    {
        if (Read(record, offset, Count) is { } error)
        {
            return error;
        }

        _records.Add((record, offset, Count));
        attribute.Process(batch.Items);
        Complete(batch.Items);
        return null;
    }

    /// <summary>Decides on the batch; then its rows are complete.</summary>
    /// <param name="noted">What the batch decided when it was processed before a restart; null when it is new.</param>
    public void Finish(BatchDecisions? noted)
    {
        attribute.Noted = noted;
        attribute.Decide();
        if (attribute.Outcomes.Count > 0)
        {
            CarryOut(attribute.Outcomes);
        }
    }

    private void CarryOut(IReadOnlyList<SpanOutcome> outcomes)
    {
        _outcomes.Clear();
        foreach (SpanOutcome outcome in outcomes)
        {
            _outcomes[outcome.Index] = outcome;
        }

        rows.Remove(_outcomes.Keys);
        for (int i = 0; i < _records.Count; i++)
        {
            int next = i + 1 < _records.Count ? _records[i + 1].First : Count;
            if (HasOtherRows(_records[i].First, next))
            {
                ReadAgain(i);
            }
        }
    }

    private bool HasOtherRows(int first, int next)
    {
        for (int index = first; index < next; index++)
        {
            if (_outcomes.TryGetValue(index, out SpanOutcome outcome) && outcome.Kind != SpanOutcomeKind.Duplicate)
            {
                return true;
            }
        }

        return false;
    }

    private void ReadAgain(int number)
    {
        (ReadOnlyMemory<byte> record, long offset, int first) = _records[number];
        Read(record, offset, first);
        _again.Clear();
        foreach (SpanItem item in batch.Items)
        {
            if (_outcomes.TryGetValue(item.Index, out SpanOutcome outcome) && outcome.Kind != SpanOutcomeKind.Duplicate)
            {
                outcome.ApplyTo(item);
                _again.Add(item);
            }
        }

        Complete(CollectionsMarshal.AsSpan(_again));
    }

    private string? Read(ReadOnlyMemory<byte> record, long offset, int first)
    {
        batch.Clear();
        if (_decoder.Decode(record, offset) is { } error)
        {
            return error;
        }

        foreach (SpanItem item in batch.Items)
        {
            item.Index = first++;
        }

        normalize.Process(batch.Items);
        return null;
    }

    // Messages are large and several stages read them, so that a span with messages passes all stages before the next one comes.
    private void Complete(ReadOnlySpan<SpanItem> items)
    {
        int first = 0;
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i].MayCarryMessages)
            {
                CompleteTogether(items[first..i]);
                CompleteTogether(items.Slice(i, 1));
                first = i + 1;
            }
        }

        CompleteTogether(items[first..]);
    }

    private void CompleteTogether(ReadOnlySpan<SpanItem> items)
    {
        if (items.IsEmpty)
        {
            return;
        }

        for (int i = 0; i < completion.Count; i++)
        {
            completion[i].Process(items);
        }

        rows.Append(items);
    }
}
