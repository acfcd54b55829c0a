using System.Buffers;
using System.Globalization;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>A <c>DateTime64(P, 'UTC')</c> column.</summary>
/// <param name="name">The table's column.</param>
/// <param name="precision">Decimal digits of a second in one tick, 0 to 9: 3 is milliseconds, 9 nanoseconds.</param>
public sealed class DateTime64Column(string name, int precision) : NativeColumn(name, DateTime64Type.Name(precision))
{
    private readonly ColumnBuffer<long> _values = new();

    /// <inheritdoc />
    public override int Count => _values.Count;

    /// <summary>Adds a row: ticks of the column's precision since 1970-01-01 UTC.</summary>
    public void Append(long ticksOfPrecision) => _values.Add(ticksOfPrecision);

    /// <inheritdoc />
    public override void Clear() => _values.Clear();

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _values.RemoveRows(rows);

    private protected override void WriteValues(IBufferWriter<byte> output) => _values.WriteTo(output);
}

/// <summary>A <c>Nullable(DateTime64(P, 'UTC'))</c> column; see <see cref="DateTime64Column"/>.</summary>
/// <param name="name">The table's column.</param>
/// <param name="precision">Decimal digits of a second in one tick, 0 to 9.</param>
public sealed class NullableDateTime64Column(string name, int precision) : NativeColumn(name, $"Nullable({DateTime64Type.Name(precision)})")
{
    private readonly NullableBuffer<long> _values = new();

    /// <inheritdoc />
    public override int Count => _values.Count;

    /// <summary>Adds a row: ticks of the column's precision since 1970-01-01 UTC.</summary>
    public void Append(long ticksOfPrecision) => _values.Add(ticksOfPrecision);

    /// <summary>Adds a row without a value.</summary>
    public void AppendNull() => _values.AddMissing();

    /// <inheritdoc />
    public override void Clear() => _values.Clear();

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _values.RemoveRows(rows);

    private protected override void WriteValues(IBufferWriter<byte> output) => _values.WriteTo(output);
}

internal static class DateTime64Type
{
    internal static string Name(int precision) => precision is >= 0 and <= 9
        ? string.Create(CultureInfo.InvariantCulture, $"DateTime64({precision}, 'UTC')")
        : throw new ArgumentOutOfRangeException(nameof(precision), precision, "DateTime64 has 0 to 9 decimal digits of a second.");
}
