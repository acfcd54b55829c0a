using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>The primitives of ClickHouse's Native format: LEB128 lengths, length-prefixed strings, little-endian numbers.</summary>
internal static class NativeWriter
{
    /// <summary>Longest encoding of a 64-bit length.</summary>
    internal const int MaxVarUIntLength = 10;

    /// <summary>Encodes <paramref name="value"/> and returns the number of bytes used.</summary>
    internal static int PutVarUInt(Span<byte> target, ulong value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        return length;
    }

    internal static void WriteVarUInt(IBufferWriter<byte> output, ulong value) =>
        output.Advance(PutVarUInt(output.GetSpan(MaxVarUIntLength), value));

    internal static void WriteUInt64(IBufferWriter<byte> output, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), value);
        output.Advance(sizeof(ulong));
    }

    internal static void WriteString(IBufferWriter<byte> output, string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        WriteVarUInt(output, (ulong)utf8.Length);
        output.Write(utf8);
    }

    /// <summary>Appends length and bytes, as String columns hold them.</summary>
    internal static void AppendString(ColumnBuffer<byte> target, ReadOnlySpan<byte> value)
    {
        Span<byte> length = stackalloc byte[MaxVarUIntLength];
        int lengthBytes = PutVarUInt(length, (ulong)value.Length);
        Span<byte> added = target.Extend(lengthBytes + value.Length);
        length[..lengthBytes].CopyTo(added);
        value.CopyTo(added[lengthBytes..]);
    }
}
