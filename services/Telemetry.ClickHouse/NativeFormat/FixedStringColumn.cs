using System.Buffers;
using System.Globalization;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>A <c>FixedString(N)</c> column, for example of raw trace ids.</summary>
/// <param name="name">The table's column.</param>
/// <param name="length">Bytes in every value, at least 1.</param>
public sealed class FixedStringColumn(string name, int length)
    : NativeColumn(name, string.Create(CultureInfo.InvariantCulture, $"FixedString({length})"))
{
    private readonly ColumnBuffer<byte> _data = new();
    private readonly int _length = length > 0 ? length : throw new ArgumentOutOfRangeException(nameof(length), length, "A FixedString has at least 1 byte.");

    /// <inheritdoc />
    public override int Count => _data.Count / _length;

    /// <summary>Adds a row. A shorter value is filled up with zero bytes, as ClickHouse does.</summary>
    /// <exception cref="ArgumentException"><paramref name="value"/> is longer than the column's length.</exception>
    public void Append(ReadOnlySpan<byte> value)
    {
        if (value.Length > _length)
        {
            throw new ArgumentException($"Column '{Name}' holds {_length} bytes; {value.Length} were given.", nameof(value));
        }

        Span<byte> row = _data.Extend(_length);
        value.CopyTo(row);
        row[value.Length..].Clear();
    }

    /// <inheritdoc />
    public override void Clear() => _data.Clear();

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _data.RemoveRows(rows, _length);

    private protected override void WriteValues(IBufferWriter<byte> output) => _data.WriteTo(output);
}
