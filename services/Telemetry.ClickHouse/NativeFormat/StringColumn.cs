using System.Buffers;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>A <c>String</c> column. ClickHouse strings are bytes; UTF-8 is what queries and clients expect.</summary>
public sealed class StringColumn(string name) : NativeColumn(name, "String")
{
    private readonly ColumnBuffer<byte> _data = new();
    private int _count;

    /// <inheritdoc />
    public override int Count => _count;

    /// <summary>Adds a row; the bytes are copied.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        NativeWriter.AppendString(_data, utf8);
        _count++;
    }

    /// <inheritdoc />
    public override void Clear()
    {
        _data.Clear();
        _count = 0;
    }

    internal override void RemoveRows(ReadOnlySpan<int> rows)
    {
        StringRows.Remove(_data, rows);
        _count -= rows.Length;
    }

    private protected override void WriteValues(IBufferWriter<byte> output) => _data.WriteTo(output);
}

/// <summary>A <c>Nullable(String)</c> column.</summary>
public sealed class NullableStringColumn(string name) : NativeColumn(name, "Nullable(String)")
{
    private readonly ColumnBuffer<byte> _nulls = new();
    private readonly ColumnBuffer<byte> _data = new();

    /// <inheritdoc />
    public override int Count => _nulls.Count;

    /// <summary>Adds a row with a value; the bytes are copied.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        _nulls.Add(0);
        NativeWriter.AppendString(_data, utf8);
    }

    /// <summary>Adds a row without a value.</summary>
    public void AppendNull()
    {
        _nulls.Add(1);
        _data.Add(0);
    }

    /// <inheritdoc />
    public override void Clear()
    {
        _nulls.Clear();
        _data.Clear();
    }

    internal override void RemoveRows(ReadOnlySpan<int> rows)
    {
        _nulls.RemoveRows(rows);
        StringRows.Remove(_data, rows);
    }

    private protected override void WriteValues(IBufferWriter<byte> output)
    {
        _nulls.WriteTo(output);
        _data.WriteTo(output);
    }
}
