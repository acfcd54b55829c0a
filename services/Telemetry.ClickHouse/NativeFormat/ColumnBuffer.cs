using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>
/// A growing array that keeps its memory over <see cref="Clear"/>, so that a column that is filled and sent again and again
/// allocates only until it has seen its largest block. Not thread-safe.
/// </summary>
internal sealed class ColumnBuffer<T>
    where T : unmanaged
{
    private T[] _items = [];

    internal int Count { get; private set; }

    internal ReadOnlySpan<T> Items => _items.AsSpan(0, Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(T item)
    {
        if (Count == _items.Length)
        {
            Grow(1);
        }

        _items[Count++] = item;
    }

    internal void AddRange(ReadOnlySpan<T> items) => items.CopyTo(Extend(items.Length));

    /// <summary>Adds <paramref name="count"/> items and returns them to be filled; their content is undefined until then.</summary>
    internal Span<T> Extend(int count)
    {
        if (count > _items.Length - Count)
        {
            Grow(count);
        }

        Span<T> added = _items.AsSpan(Count, count);
        Count += count;
        return added;
    }

    internal void Clear() => Count = 0;

    /// <summary>Writes the items as they lie in memory: ClickHouse's binary formats are little-endian, as every supported machine is.</summary>
    internal void WriteTo(IBufferWriter<byte> output) => output.Write(MemoryMarshal.AsBytes(Items));

    private void Grow(int count) =>
        Array.Resize(ref _items, (int)Math.Min(Array.MaxLength, Math.Max((long)Count + count, Math.Max(64, _items.Length * 2L))));
}
