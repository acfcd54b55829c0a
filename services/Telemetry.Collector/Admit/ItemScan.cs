namespace Telemetry.Collector.Admit;

/// <summary>What one pass over the bytes of a span or log record has found.</summary>
internal ref struct ItemScan
{
    /// <summary>The trace id's bytes; empty when there is none.</summary>
    public ReadOnlySpan<byte> TraceId;

    /// <summary>The span id's bytes; empty when there is none.</summary>
    public ReadOnlySpan<byte> SpanId;

    /// <summary>Whether any attribute or event marks it as GenAI.</summary>
    public bool IsGenAi;

    /// <summary>Attributes, those of events and links included.</summary>
    public int Attributes;

    /// <summary>Bytes of the largest attribute.</summary>
    public int LargestAttribute;

    /// <summary>Deepest nesting of an attribute value; 1 for a plain value.</summary>
    public int Depth;
}
