using System.Buffers;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>An <c>Enum8</c> column, filled with the numbers of its values.</summary>
/// <param name="name">The table's column.</param>
/// <param name="typeName">The whole type, for example <c>Enum8('ok' = 1, 'error' = 2)</c>; must name every number that is appended.</param>
public sealed class Enum8Column(string name, string typeName) : NativeColumn(name, Check(typeName))
{
    private readonly RunBuffer<sbyte> _values = new();

    /// <inheritdoc />
    public override int Count => _values.Count;

    /// <summary>Adds a row; the server refuses the block if the type does not name <paramref name="value"/>.</summary>
    public void Append(sbyte value) => _values.Add(value);

    /// <summary>Number of rows that have a value.</summary>
    public int CountOf(sbyte value) => _values.Items.Count(value);

    /// <inheritdoc />
    public override void Clear() => _values.Clear();

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _values.RemoveRows(rows);

    private protected override void WriteValues(IBufferWriter<byte> output) => _values.WriteTo(output);

    private static string Check(string typeName) => typeName?.StartsWith("Enum8(", StringComparison.Ordinal) == true
        ? typeName
        : throw new ArgumentException($"\"{typeName}\" is not an Enum8 type; it must read Enum8('name' = number, ...).", nameof(typeName));
}
