using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Decode;

/// <summary>
/// The spans of some span log records on their way through the stages. One lane owns it; spans, calls and attribute tables are reused, so that a
/// steady stream allocates nothing for a span.
/// </summary>
internal sealed class SpanBatch(AttributeKeys keys)
{
    private readonly List<SpanItem> _items = [];
    private readonly List<AttributeSet> _resources = [];
    private readonly AttributeSlots _slots = new(keys);
    private int _resourceCount;

    /// <summary>Number of spans.</summary>
    public int Count { get; private set; }

    /// <summary>The spans.</summary>
    public ReadOnlySpan<SpanItem> Items => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_items)[..Count];

    /// <summary>A further span to be filled in.</summary>
    public SpanItem Add()
    {
        if (Count == _items.Count)
        {
            _items.Add(new SpanItem(keys, _slots));
        }

        SpanItem item = _items[Count++];
        item.Span.Clear();
        item.Call.Clear();
        item.IsCall = item.IsDropped = false;
        item.Use++;
        return item;
    }

    /// <summary>Takes back the spans added after a mark, because their record is not readable.</summary>
    public void TruncateTo(int count) => Count = count;

    /// <summary>Attributes of a further resource, to be filled in.</summary>
    public AttributeSet AddResource()
    {
        if (_resourceCount == _resources.Count)
        {
            // A resource is asked in turn with its spans, so it has a table of its own.
            _resources.Add(new AttributeSet(keys, new AttributeSlots(keys)));
        }

        AttributeSet resource = _resources[_resourceCount++];
        resource.Clear();
        return resource;
    }

    /// <summary>Forgets all spans.</summary>
    public void Clear()
    {
        Count = 0;
        _resourceCount = 0;
    }
}

/// <summary>One span and what the stages found out about it.</summary>
internal sealed class SpanItem(AttributeKeys keys, AttributeSlots slots)
{
    /// <summary>The span as it was sent.</summary>
    public DecodedSpan Span { get; } = new(keys, slots);

    /// <summary>What it means.</summary>
    public LlmCall Call { get; } = new();

    /// <summary>Differs between two spans that were held here one after the other.</summary>
    public int Use { get; set; }

    /// <summary>Whether something may have been said, in attributes or in events.</summary>
    public bool MayCarryMessages => !Call.Content.IsEmpty || Call.Content.MayBeFlat || !Span.Events.IsEmpty;

    /// <summary>Its place among all spans that are written together, of which a <see cref="SpanBatch"/> may hold only some.</summary>
    public int Index { get; set; }

    /// <summary>Whether it is a billable provider call; otherwise it is any other span.</summary>
    public bool IsCall { get; set; }

    /// <summary>Whether it came before: it is not written again.</summary>
    public bool IsDropped { get; set; }
}
