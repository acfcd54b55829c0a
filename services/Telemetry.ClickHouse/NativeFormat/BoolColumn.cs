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
    private readonly NullableBuffer<byte> _values = new();

    /// <inheritdoc />
    public override int Count => _values.Count;

    /// <summary>Adds a row, NULL when <paramref name="value"/> is null.</summary>
    public void Append(bool? value)
    {
        if (value is { } flag)
        {
            _values.Add(flag ? (byte)1 : (byte)0);
        }
        else
        {
            _values.AddMissing();
        }
    }

    /// <summary>Adds a row without a value.</summary>
    public void AppendNull() => _values.AddMissing();

    /// <inheritdoc />
    public override void Clear() => _values.Clear();

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _values.RemoveRows(rows);

    private protected override void WriteValues(IBufferWriter<byte> output) => _values.WriteTo(output);
}
