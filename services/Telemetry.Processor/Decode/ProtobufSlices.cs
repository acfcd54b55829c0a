using Telemetry.Contracts.Wire;

namespace Telemetry.Processor.Decode;

/// <summary>Slices of the memory that a reader reads.</summary>
internal static class ProtobufSlices
{
    /// <summary>
    /// The bytes of the field at hand as a part of <paramref name="message"/>, which the reader was made over. False when they are not there; a known field
    /// with another wire type is an unknown field and stepped over.
    /// </summary>
    public static bool TrySlice(this ref ProtobufReader reader, ReadOnlyMemory<byte> message, out ReadOnlyMemory<byte> slice)
    {
        slice = default;
        if (reader.WireType != WireType.LengthDelimited)
        {
            reader.TrySkip();
            return false;
        }

        if (!reader.TryReadBytes(out ReadOnlySpan<byte> bytes))
        {
            return false;
        }

        slice = message.Slice(reader.Position - bytes.Length, bytes.Length);
        return true;
    }
}
