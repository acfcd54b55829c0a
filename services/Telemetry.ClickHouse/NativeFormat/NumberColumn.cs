using System.Buffers;
using System.Runtime.CompilerServices;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>
/// A column of integers or floating-point numbers: <c>byte</c> is UInt8, <c>sbyte</c> Int8, and so on to <c>ulong</c> UInt64,
/// <c>long</c> Int64, <c>float</c> Float32, <c>double</c> Float64.
/// </summary>
/// <typeparam name="T">One of the ten number types named above; anything else throws <see cref="NotSupportedException"/>.</typeparam>
public sealed class NumberColumn<T>(string name) : NativeColumn(name, NumberType<T>.Name)
    where T : unmanaged
{
    private readonly ColumnBuffer<T> _values = new();

    /// <inheritdoc />
    public override int Count => _values.Count;

    /// <summary>Adds a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(T value) => _values.Add(value);

    /// <inheritdoc />
    public override void Clear() => _values.Clear();

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _values.RemoveRows(rows);

    private protected override void WriteValues(IBufferWriter<byte> output) => _values.WriteTo(output);
}

/// <summary>A <c>Nullable</c> column of numbers; see <see cref="NumberColumn{T}"/> for the types.</summary>
/// <typeparam name="T">One of the ten number types.</typeparam>
public sealed class NullableNumberColumn<T>(string name) : NativeColumn(name, $"Nullable({NumberType<T>.Name})")
    where T : unmanaged
{
    private readonly NullableBuffer<T> _values = new();

    /// <inheritdoc />
    public override int Count => _values.Count;

    /// <summary>Adds a row with a value.</summary>
    public void Append(T value) => _values.Add(value);

    /// <summary>Adds a row without a value.</summary>
    public void AppendNull() => _values.AddMissing();

    /// <summary>Adds a row, NULL when <paramref name="value"/> is null.</summary>
    public void Append(T? value)
    {
        if (value is { } number)
        {
            _values.Add(number);
        }
        else
        {
            _values.AddMissing();
        }
    }

    /// <inheritdoc />
    public override void Clear() => _values.Clear();

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _values.RemoveRows(rows);

    private protected override void WriteValues(IBufferWriter<byte> output) => _values.WriteTo(output);
}

/// <summary>ClickHouse's name of a .NET number type.</summary>
internal static class NumberType<T>
    where T : unmanaged
{
    private static readonly string? s_name = default(T) switch
    {
        byte => "UInt8",
        sbyte => "Int8",
        ushort => "UInt16",
        short => "Int16",
        uint => "UInt32",
        int => "Int32",
        ulong => "UInt64",
        long => "Int64",
        float => "Float32",
        double => "Float64",
        _ => null,
    };

    internal static string Name =>
        s_name ?? throw new NotSupportedException($"{typeof(T).Name} is not a number type of ClickHouse; use the integers from byte to ulong, float or double.");
}
