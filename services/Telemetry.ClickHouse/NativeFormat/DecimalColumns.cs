using System.Buffers;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>
/// A <c>Decimal(P, S)</c> column with P up to 18. Values are scaled exactly; digits beyond the scale are rounded half to even; a value
/// that does not fit throws and leaves the column as it was.
/// </summary>
/// <param name="name">The table's column.</param>
/// <param name="precision">All digits, 10 to 18 (fewer would be another width in the format).</param>
/// <param name="scale">Digits after the point.</param>
public sealed class Decimal64Column(string name, int precision, int scale) : NativeColumn(name, DecimalScaler.TypeName(precision, scale))
{
    private readonly DecimalScaler _scaler = Decimals.Scaler64(name, precision, scale);
    private readonly ColumnBuffer<long> _values = new();

    /// <inheritdoc />
    public override int Count => _values.Count;

    /// <summary>Adds a row.</summary>
    /// <exception cref="OverflowException">The value has too many digits before the point; the message names the column.</exception>
    public void Append(decimal value) => _values.Add((long)_scaler.Scale(value));

    /// <inheritdoc />
    public override void Clear() => _values.Clear();

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _values.RemoveRows(rows);

    private protected override void WriteValues(IBufferWriter<byte> output) => _values.WriteTo(output);
}

/// <summary>A <c>Nullable(Decimal(P, S))</c> column with P up to 18; see <see cref="Decimal64Column"/>.</summary>
/// <param name="name">The table's column.</param>
/// <param name="precision">All digits, 10 to 18.</param>
/// <param name="scale">Digits after the point.</param>
public sealed class NullableDecimal64Column(string name, int precision, int scale)
    : NativeColumn(name, $"Nullable({DecimalScaler.TypeName(precision, scale)})")
{
    private readonly DecimalScaler _scaler = Decimals.Scaler64(name, precision, scale);
    private readonly NullableBuffer<long> _values = new();

    /// <inheritdoc />
    public override int Count => _values.Count;

    /// <summary>Adds a row with a value.</summary>
    /// <exception cref="OverflowException">The value has too many digits before the point; the message names the column.</exception>
    public void Append(decimal value) => _values.Add((long)_scaler.Scale(value));

    /// <summary>Adds a row without a value.</summary>
    public void AppendNull() => _values.AddMissing();

    /// <inheritdoc />
    public override void Clear() => _values.Clear();

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _values.RemoveRows(rows);

    private protected override void WriteValues(IBufferWriter<byte> output) => _values.WriteTo(output);
}

/// <summary>A <c>Decimal(P, S)</c> column with P from 19 to 38; see <see cref="Decimal64Column"/> for rounding and range.</summary>
/// <param name="name">The table's column.</param>
/// <param name="precision">All digits, 19 to 38.</param>
/// <param name="scale">Digits after the point.</param>
public sealed class Decimal128Column(string name, int precision, int scale) : NativeColumn(name, DecimalScaler.TypeName(precision, scale))
{
    private readonly DecimalScaler _scaler = Decimals.Scaler128(name, precision, scale);
    private readonly ColumnBuffer<Int128> _values = new();

    /// <inheritdoc />
    public override int Count => _values.Count;

    /// <summary>Adds a row.</summary>
    /// <exception cref="OverflowException">The value has too many digits before the point; the message names the column.</exception>
    public void Append(decimal value) => _values.Add(_scaler.Scale(value));

    /// <inheritdoc />
    public override void Clear() => _values.Clear();

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _values.RemoveRows(rows);

    private protected override void WriteValues(IBufferWriter<byte> output) => _values.WriteTo(output);
}

internal static class Decimals
{
    internal static DecimalScaler Scaler64(string name, int precision, int scale) => precision >= 10
        ? new DecimalScaler(name, precision, scale, 18)
        : throw new ArgumentOutOfRangeException(nameof(precision), precision, "A 64-bit Decimal has a precision of 10 to 18 digits.");

    internal static DecimalScaler Scaler128(string name, int precision, int scale) => precision >= 19
        ? new DecimalScaler(name, precision, scale, 38)
        : throw new ArgumentOutOfRangeException(nameof(precision), precision, "A 128-bit Decimal has a precision of 19 to 38 digits.");
}
