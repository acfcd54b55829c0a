using System.Buffers;
using System.Runtime.CompilerServices;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>
/// A growing array of values of which many in a row are the same: such a run is only counted until another value comes, so that a column that says the same for a
/// whole block costs a comparison a row. Not thread-safe.
/// </summary>
internal sealed class RunBuffer<T>
    where T : unmanaged, IEquatable<T>
{
    private readonly ColumnBuffer<T> _items = new();
    private T _last;
    private int _run;

    internal int Count => _items.Count + _run;

    internal ReadOnlySpan<T> Items
    {
        get
        {
            EndRun();
            return _items.Items;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(T item)
    {
        if (_run == 0 || !item.Equals(_last))
        {
            StartRun(item);
        }
        else
        {
            _run++;
        }
    }

    internal void Clear()
    {
        _items.Clear();
        _run = 0;
    }

    internal void RemoveRows(ReadOnlySpan<int> rows)
    {
        EndRun();
        _items.RemoveRows(rows);
    }

    internal void WriteTo(IBufferWriter<byte> output)
    {
        EndRun();
        _items.WriteTo(output);
    }

    private void StartRun(T item)
    {
        EndRun();
        _last = item;
        _run = 1;
    }

    private void EndRun()
    {
        if (_run == 1)
        {
            _items.Add(_last);
        }
        else if (_run > 1)
        {
            _items.Extend(_run).Fill(_last);
        }

        _run = 0;
    }
}

/// <summary>
/// Values of which some are missing, as Nullable columns hold them: missing ones in a row are only counted, so that a column that is empty in a whole block costs a
/// branch a row. Not thread-safe.
/// </summary>
internal sealed class NullableBuffer<T>
    where T : unmanaged
{
    private readonly ColumnBuffer<byte> _nulls = new();
    private readonly ColumnBuffer<T> _values = new();
    private int _missing;

    internal int Count => _values.Count + _missing;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(T value)
    {
        if (_missing > 0)
        {
            EndMissing();
        }

        _nulls.Add(0);
        _values.Add(value);
    }

    internal void AddMissing() => _missing++;

    internal void Clear()
    {
        _nulls.Clear();
        _values.Clear();
        _missing = 0;
    }

    internal void RemoveRows(ReadOnlySpan<int> rows)
    {
        EndMissing();
        _nulls.RemoveRows(rows);
        _values.RemoveRows(rows);
    }

    internal void WriteTo(IBufferWriter<byte> output)
    {
        EndMissing();
        _nulls.WriteTo(output);
        _values.WriteTo(output);
    }

    private void EndMissing()
    {
        _nulls.Extend(_missing).Fill(1);
        _values.Extend(_missing).Clear();
        _missing = 0;
    }
}
