namespace Telemetry.LoadGenerator.Payload;

/// <summary>What is written over a place of a template.</summary>
internal enum PatchKind : byte
{
    /// <summary>16 bytes.</summary>
    TraceIdBytes,

    /// <summary>8 bytes.</summary>
    SpanIdBytes,

    /// <summary>8 bytes, little-endian: the request's time and an offset.</summary>
    TimeBytes,

    /// <summary>Two bytes of varint.</summary>
    InputVarint,

    /// <summary>Two bytes of varint.</summary>
    OutputVarint,

    /// <summary>32 hex digits.</summary>
    TraceIdHex,

    /// <summary>16 hex digits.</summary>
    SpanIdHex,

    /// <summary>19 decimal digits.</summary>
    TimeDigits,

    /// <summary>Decimal digits.</summary>
    ServiceDigits,

    /// <summary>Decimal digits.</summary>
    PromptDigits,

    /// <summary>Decimal digits.</summary>
    RequestDigits,

    /// <summary>16 hex digits.</summary>
    UniqueHex,

    /// <summary>Decimal digits.</summary>
    InputDigits,

    /// <summary>Decimal digits.</summary>
    OutputDigits,
}

/// <summary>One place of a template that every request overwrites.</summary>
/// <param name="Kind">What is written.</param>
/// <param name="Position">Where.</param>
/// <param name="Item">Index in the request of the span whose value it is, or of the trace for trace ids and prompts.</param>
/// <param name="Offset">Times: nanoseconds after the request's time, mostly negative.</param>
internal readonly record struct Patch(PatchKind Kind, int Position, int Item, long Offset);
