using System.Buffers;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>A <c>Bool</c> column.</summary>
public sealed class BoolColumn(string name) : NativeColumn(name, "Bool")
{
    private readonly ColumnBuffer<byte> _values = new();

    /// <inheritdoc />
    public override int Count => _values.Count;

    /// <summary>Adds a row.</summary>
    public void Append(bool value) => _values.Add(value ? (byte)1 : (byte)0);

    /// <inheritdoc />
    public override void Clear() => _values.Clear();

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _values.RemoveRows(rows);

    private protected override void WriteValues(IBufferWriter<byte> output) => _values.WriteTo(output);
}

/// <summary>A <c>Nullable(Bool)</c> column.</summary>
public sealed class NullableBoolColumn(string name) : NativeColumn(name, "Nullable(Bool)")
{
    private readonly ColumnBuffer<byte> _nulls = new();
    private readonly ColumnBuffer<byte> _values = new();

    /// <inheritdoc />
    public override int Count => _values.Count;

    /// <summary>Adds a row, NULL when <paramref name="value"/> is null.</summary>
    public void Append(bool? value)
    {
        _nulls.Add(value.HasValue ? (byte)0 : (byte)1);
        _values.Add(value.GetValueOrDefault() ? (byte)1 : (byte)0);
    }

    /// <summary>Adds a row without a value.</summary>
    public void AppendNull() => Append(null);

    /// <inheritdoc />
    public override void Clear()
    {
        _nulls.Clear();
        _values.Clear();
    }

    internal override void RemoveRows(ReadOnlySpan<int> rows)
    {
        _nulls.RemoveRows(rows);
        _values.RemoveRows(rows);
    }

    private protected override void WriteValues(IBufferWriter<byte> output)
    {
        _nulls.WriteTo(output);
        _values.WriteTo(output);
    }
}
