namespace Telemetry.Contracts.Wire;

/// <summary>Protocol Buffers wire types (protobuf encoding guide, "Message Structure").</summary>
public enum WireType
{
    /// <summary>int32, int64, uint32, uint64, bool, enum.</summary>
    Varint = 0,

    /// <summary>fixed64, sfixed64, double: eight little-endian bytes.</summary>
    Fixed64 = 1,

    /// <summary>string, bytes, embedded messages, packed repeated fields.</summary>
    LengthDelimited = 2,

    /// <summary>Deprecated group start. OTLP never uses groups.</summary>
    StartGroup = 3,

    /// <summary>Deprecated group end. OTLP never uses groups.</summary>
    EndGroup = 4,

    /// <summary>fixed32, sfixed32, float: four little-endian bytes.</summary>
    Fixed32 = 5,
}
