namespace Telemetry.Processor.Decode;

/// <summary>One span as slices of its record. Reused from batch to batch.</summary>
internal sealed class DecodedSpan(AttributeKeys keys, AttributeSlots slots)
{
    private readonly List<DecodedEvent> _events = [];
    private int _eventCount;

    /// <summary>Whose it is, as its record says; never what the span itself says.</summary>
    public ReadOnlyMemory<byte> Tenant { get; set; } = Tenants.Default;

    /// <summary>16 bytes when valid.</summary>
    public ReadOnlyMemory<byte> TraceId { get; set; }

    /// <summary>8 bytes when valid.</summary>
    public ReadOnlyMemory<byte> SpanId { get; set; }

    /// <summary>8 bytes, or empty for a root span.</summary>
    public ReadOnlyMemory<byte> ParentSpanId { get; set; }

    /// <summary>Span name.</summary>
    public ReadOnlyMemory<byte> Name { get; set; }

    /// <summary>OTLP SpanKind, 0 to 5.</summary>
    public int Kind { get; set; }

    /// <summary>Nanoseconds since 1970.</summary>
    public ulong Start { get; set; }

    /// <summary>Nanoseconds since 1970.</summary>
    public ulong End { get; set; }

    /// <summary>OTLP status: 0 unset, 1 ok, 2 error.</summary>
    public int StatusCode { get; set; }

    /// <summary>The span's own attributes.</summary>
    public AttributeSet Attributes { get; } = new(keys, slots);

    /// <summary>The attributes of its resource; shared by the spans of one resource.</summary>
    public AttributeSet Resource { get; set; } = null!;

    /// <summary>Instrumentation scope name.</summary>
    public ReadOnlyMemory<byte> ScopeName { get; set; }

    /// <summary>Instrumentation scope version.</summary>
    public ReadOnlyMemory<byte> ScopeVersion { get; set; }

    /// <summary>Body, where the item is a log record.</summary>
    public AttributeValue Body { get; set; }

    /// <summary>Offset of its record in the span log.</summary>
    public long LogOffset { get; set; }

    /// <summary>Its events in order.</summary>
    public ReadOnlySpan<DecodedEvent> Events => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_events)[.._eventCount];

    /// <summary>A further event to be filled in.</summary>
    public DecodedEvent AddEvent()
    {
        if (_eventCount == _events.Count)
        {
            _events.Add(new DecodedEvent(keys, slots));
        }

        DecodedEvent added = _events[_eventCount++];
        added.Clear();
        return added;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        TraceId = SpanId = ParentSpanId = Name = ScopeName = ScopeVersion = default;
        Tenant = Tenants.Default;
        Kind = StatusCode = 0;
        Start = End = 0;
        Body = default;
        Attributes.Clear();
        _eventCount = 0;
    }
}

/// <summary>One event of a span.</summary>
internal sealed class DecodedEvent(AttributeKeys keys, AttributeSlots slots)
{
    /// <summary>Nanoseconds since 1970.</summary>
    public ulong Time { get; set; }

    /// <summary>Its name.</summary>
    public ReadOnlyMemory<byte> Name { get; set; }

    /// <summary>Its attributes.</summary>
    public AttributeSet Attributes { get; } = new(keys, slots);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Time = 0;
        Name = default;
        Attributes.Clear();
    }
}
