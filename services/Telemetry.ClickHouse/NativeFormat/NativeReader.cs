using System.Runtime.InteropServices;
using System.Text;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>Reads the primitives of the Native format; whatever goes beyond the bytes given is an <see cref="InvalidDataException"/>.</summary>
internal sealed class NativeReader(ReadOnlyMemory<byte> data)
{
    private int _position;

    internal bool AtEnd => _position == data.Length;

    internal int Position => _position;

    private int Remaining => data.Length - _position;

    internal ReadOnlyMemory<byte> ReadMemory(long length)
    {
        if (length < 0 || length > Remaining)
        {
            throw new InvalidDataException($"At byte {_position}: {length} bytes are announced, {Remaining} are there.");
        }

        ReadOnlyMemory<byte> read = data.Slice(_position, (int)length);
        _position += (int)length;
        return read;
    }

    /// <summary>The bytes read since <paramref name="start"/>.</summary>
    internal ReadOnlySpan<byte> Since(int start) => data.Span[start.._position];

    internal ulong ReadVarUInt()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = ReadMemory(1).Span[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"At byte {_position}: a length has more than 10 bytes.");
    }

    /// <summary>A number of items, each of which takes at least <paramref name="minItemBytes"/> of what remains.</summary>
    internal int ReadCount(ulong count, int minItemBytes) => count <= (ulong)(Remaining / minItemBytes)
        ? (int)count
        : throw new InvalidDataException($"At byte {_position}: {count} items are announced, but only {Remaining} bytes are left.");

    internal ReadOnlyMemory<byte> ReadStringBytes() => ReadMemory((long)Math.Min(ReadVarUInt(), long.MaxValue));

    internal string ReadString() => Encoding.UTF8.GetString(ReadStringBytes().Span);

    internal ulong ReadUInt64() => MemoryMarshal.Read<ulong>(ReadMemory(sizeof(ulong)).Span);

    /// <summary>A number of rows; every type takes at least a byte a row or is bounded by the offsets that announce it.</summary>
    internal int ReadRows() => ReadCount(ReadVarUInt(), 1);

    internal T[] ReadArray<T>(int count)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(ReadMemory((long)count * Marshal.SizeOf<T>()).Span).ToArray();
}
