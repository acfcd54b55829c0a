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

    /// <summary>Takes rows of <paramref name="width"/> items each out; they ascend.</summary>
    internal void RemoveRows(ReadOnlySpan<int> rows, int width = 1)
    {
        int kept = rows[0] * width;
        for (int i = 0; i < rows.Length; i++)
        {
            int from = (rows[i] + 1) * width;
            int to = i + 1 < rows.Length ? rows[i + 1] * width : Count;
            _items.AsSpan(from, to - from).CopyTo(_items.AsSpan(kept));
            kept += to - from;
        }

        Count = kept;
    }

    /// <summary>The items, to be changed in place.</summary>
    internal Span<T> Mutable => _items.AsSpan(0, Count);

    /// <summary>Takes the items from a number on away.</summary>
    internal void TruncateTo(int count) => Count = count;

    /// <summary>Writes the items as they lie in memory: ClickHouse's binary formats are little-endian, as every supported machine is.</summary>
    internal void WriteTo(IBufferWriter<byte> output) => output.Write(MemoryMarshal.AsBytes(Items));

    private void Grow(int count) =>
        Array.Resize(ref _items, (int)Math.Min(Array.MaxLength, Math.Max((long)Count + count, Math.Max(64, _items.Length * 2L))));
}
