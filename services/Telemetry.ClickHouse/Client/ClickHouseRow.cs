using System.Globalization;
using System.Numerics;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.ClickHouse.Client;

/// <summary>
/// One row of a result. The typed getters convert between number types and throw <see cref="OverflowException"/> rather than lose a
/// digit before the point, and <see cref="InvalidCastException"/> for NULL and for what is no such value; both name the column.
/// </summary>
public readonly struct ClickHouseRow
{
    private readonly ClickHouseResult _result;
    private readonly ColumnValues[] _values;
    private readonly int _row;

    internal ClickHouseRow(ClickHouseResult result, ColumnValues[] values, int row)
    {
        _result = result;
        _values = values;
        _row = row;
    }

    /// <summary>
    /// The value: integers, float, double, bool and decimal as such (128-bit ones as Int128 and UInt128, 256-bit ones as BigInteger), String and
    /// FixedString as string, Enum as the name, UUID as Guid, Date and Date32 as DateOnly, DateTime and DateTime64 as DateTimeOffset in UTC (cut to
    /// 100 ns), IPv4 and IPv6 as IPAddress, Array and Tuple as object?[], Map as Dictionary&lt;object, object?&gt;, Interval as long, NULL as null.
    /// </summary>
    /// <exception cref="OverflowException">A decimal, date or time that the .NET type has no room for.</exception>
    public object? GetValue(int ordinal) => _values[ordinal].Value(_row);

    /// <inheritdoc cref="GetValue(int)" />
    public object? GetValue(string column) => GetValue(_result.Ordinal(column));

    /// <summary>Whether the value is NULL.</summary>
    public bool IsNull(string column) => _values[_result.Ordinal(column)].IsNull(_row);

    /// <summary>A String, FixedString or Enum value; other types as invariant text.</summary>
    public string GetString(string column) => Convert.ToString(NotNull(column), CultureInfo.InvariantCulture)!;

    /// <summary>The bytes of a String or FixedString value.</summary>
    public ReadOnlyMemory<byte> GetBytes(string column)
    {
        NotNull(column);
        return _values[_result.Ordinal(column)].Bytes(_row) ?? throw Cast(column, "a string");
    }

    /// <summary>An integer; the stored number of an Enum, DateTime (seconds) or DateTime64 (ticks of its precision).</summary>
    public long GetInt64(string column) => _values[_result.Ordinal(column)].Raw(_row) ?? Number<long>(column);

    /// <summary>An unsigned integer.</summary>
    public ulong GetUInt64(string column) => Number<ulong>(column);

    /// <summary>A floating-point number, or any number as the nearest one.</summary>
    public double GetDouble(string column) => Number<double>(column);

    /// <summary>A decimal or an integer, exactly.</summary>
    public decimal GetDecimal(string column) => Number<decimal>(column);

    /// <summary>A Bool.</summary>
    public bool GetBoolean(string column) => NotNull(column) switch
    {
        bool b => b,
        byte b => b != 0,
        _ => throw Cast(column, "a Bool"),
    };

    /// <summary>A DateTime or DateTime64, in UTC, cut to 100 ns.</summary>
    public DateTimeOffset GetDateTime(string column) => NotNull(column) as DateTimeOffset? ?? throw Cast(column, "a DateTime");

    /// <summary>An Array or Tuple of values that are all <typeparamref name="T"/>.</summary>
    public T[] GetArray<T>(string column)
    {
        object?[] values = NotNull(column) as object?[] ?? throw Cast(column, "an Array");
        var typed = new T[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            typed[i] = values[i] is T item ? item : throw Cast(column, "an array of " + typeof(T).Name);
        }

        return typed;
    }

    private T Number<T>(string column)
        where T : INumberBase<T>
    {
        try
        {
            return NotNull(column) switch
            {
                byte v => T.CreateChecked(v),
                sbyte v => T.CreateChecked(v),
                ushort v => T.CreateChecked(v),
                short v => T.CreateChecked(v),
                uint v => T.CreateChecked(v),
                int v => T.CreateChecked(v),
                ulong v => T.CreateChecked(v),
                long v => T.CreateChecked(v),
                UInt128 v => T.CreateChecked(v),
                Int128 v => T.CreateChecked(v),
                BigInteger v => T.CreateChecked(v),
                float v => T.CreateChecked(v),
                double v => T.CreateChecked(v),
                decimal v => T.CreateChecked(v),
                bool v => v ? T.One : T.Zero,
                _ => throw Cast(column, "a number"),
            };
        }
        catch (OverflowException e)
        {
            throw new OverflowException($"Column '{column}': {GetString(column)} does not fit into {typeof(T).Name}.", e);
        }
    }

    private object NotNull(string column) => GetValue(column) ?? throw new InvalidCastException($"Column '{column}' is NULL; ask IsNull first.");

    private InvalidCastException Cast(string column, string wanted) =>
        new($"Column '{column}' of type {_result.Columns[_result.Ordinal(column)].TypeName} is not {wanted}.");
}
