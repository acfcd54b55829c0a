using System.Numerics;
using System.Text;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>The decoded values of one column of one block.</summary>
internal abstract class ColumnValues
{
    /// <summary>The value as the .NET type that fits the column's type; null for NULL.</summary>
    internal abstract object? Value(int row);

    internal virtual bool IsNull(int row) => false;

    /// <summary>The bytes of a string value; null for columns of other types.</summary>
    internal virtual ReadOnlyMemory<byte>? Bytes(int row) => null;

    /// <summary>The number that the value is stored as, for types that show something else: enums and times.</summary>
    internal virtual long? Raw(int row) => null;
}

/// <summary>Values of fixed width, with the function that makes the shown value of a stored one.</summary>
internal sealed class FixedWidthValues<T>(T[] stored, Func<T, object> show, Func<T, long>? raw = null) : ColumnValues
    where T : unmanaged
{
    internal override object Value(int row) => show(stored[row]);

    internal override long? Raw(int row) => raw?.Invoke(stored[row]);
}

internal sealed class StringValues(ReadOnlyMemory<byte>[] values) : ColumnValues
{
    internal override object Value(int row) => Encoding.UTF8.GetString(values[row].Span);

    internal override ReadOnlyMemory<byte>? Bytes(int row) => values[row];
}

/// <summary>Integers of 256 bits, little-endian, possibly with a decimal point.</summary>
internal sealed class WideValues(ReadOnlyMemory<byte> data, bool unsigned, Func<BigInteger, object> show) : ColumnValues
{
    internal const int Width = 32;

    internal override object Value(int row) => show(new BigInteger(data.Span.Slice(row * Width, Width), unsigned));
}

internal sealed class NothingValues : ColumnValues
{
    internal override object? Value(int row) => null;

    internal override bool IsNull(int row) => true;
}

internal sealed class NullableValues(byte[] nulls, ColumnValues values) : ColumnValues
{
    internal override object? Value(int row) => IsNull(row) ? null : values.Value(row);

    internal override bool IsNull(int row) => nulls[row] != 0 || values.IsNull(row);

    internal override ReadOnlyMemory<byte>? Bytes(int row) => IsNull(row) ? null : values.Bytes(row);

    internal override long? Raw(int row) => IsNull(row) ? null : values.Raw(row);
}

/// <summary>Values by index into a dictionary; of a nullable dictionary the first key means NULL.</summary>
internal sealed class DictionaryValues(int[] indexes, ColumnValues keys, bool nullable) : ColumnValues
{
    internal override object? Value(int row) => IsNull(row) ? null : keys.Value(indexes[row]);

    internal override bool IsNull(int row) => nullable && indexes[row] == 0;

    internal override ReadOnlyMemory<byte>? Bytes(int row) => IsNull(row) ? null : keys.Bytes(indexes[row]);

    internal override long? Raw(int row) => IsNull(row) ? null : keys.Raw(indexes[row]);
}

internal sealed class ArrayValues(int[] ends, ColumnValues items) : ColumnValues
{
    internal override object Value(int row)
    {
        int start = row == 0 ? 0 : ends[row - 1];
        var array = new object?[ends[row] - start];
        for (int i = 0; i < array.Length; i++)
        {
            array[i] = items.Value(start + i);
        }

        return array;
    }
}

internal sealed class MapValues(int[] ends, ColumnValues keys, ColumnValues values) : ColumnValues
{
    internal override object Value(int row)
    {
        var map = new Dictionary<object, object?>();
        for (int i = row == 0 ? 0 : ends[row - 1]; i < ends[row]; i++)
        {
            map[keys.Value(i)!] = values.Value(i);
        }

        return map;
    }
}

internal sealed class TupleValues(ColumnValues[] elements) : ColumnValues
{
    internal override object Value(int row) => Array.ConvertAll(elements, e => e.Value(row));
}
