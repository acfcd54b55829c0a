using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>A <c>LowCardinality(String)</c> column with one dictionary for each block.</summary>
public sealed class LowCardinalityStringColumn(string name) : NativeColumn(name, "LowCardinality(String)")
{
    private const int RecentTexts = 16;

    private readonly StringDictionary _values = new();
    private readonly (string? Text, int Index)[] _recent = new (string?, int)[RecentTexts];

    /// <inheritdoc />
    public override int Count => _values.Count;

    /// <summary>Adds a row; the bytes are copied once for each distinct value of the block.</summary>
    public void Append(ReadOnlySpan<byte> utf8) => _values.Append(utf8);

    /// <summary>Adds a row as UTF-8; a string object that came lately costs neither encoding nor hash.</summary>
    public void Append(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ref (string? Text, int Index) recent = ref _recent[RuntimeHelpers.GetHashCode(text) % RecentTexts];
        if (ReferenceEquals(text, recent.Text))
        {
            _values.AppendKnown(recent.Index);
            return;
        }

        const int MostOnStack = 1024;
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> utf8 = most <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[most];
        recent = (text, _values.Append(utf8[..Encoding.UTF8.GetBytes(text, utf8)]));
    }

    /// <summary>Calls back for every distinct value of the rows with their number.</summary>
    public void ForEachCount(Action<string, int> counted)
    {
        ArgumentNullException.ThrowIfNull(counted);
        _values.ForEachCount(counted);
    }

    /// <inheritdoc />
    public override void Clear()
    {
        _values.Clear();
        Array.Clear(_recent);
    }

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _values.Remove(rows);

    private protected override void WritePrefix(IBufferWriter<byte> output) => StringDictionary.WritePrefix(output);

    private protected override void WriteValues(IBufferWriter<byte> output) => _values.WriteTo(output);
}

/// <summary>An <c>Array(LowCardinality(String))</c> column: append the values of a row, then end the row.</summary>
public sealed class LowCardinalityStringArrayColumn(string name) : NativeColumn(name, "Array(LowCardinality(String))")
{
    private readonly ColumnBuffer<ulong> _offsets = new();
    private readonly StringDictionary _values = new();

    /// <inheritdoc />
    public override int Count => _offsets.Count;

    /// <summary>Adds a value to the row that is being filled.</summary>
    public void Append(ReadOnlySpan<byte> utf8) => _values.Append(utf8);

    /// <summary>Ends the row; a row without values is an empty array.</summary>
    public void EndRow() => _offsets.Add((ulong)_values.Count);

    /// <inheritdoc />
    public override void Clear()
    {
        _offsets.Clear();
        _values.Clear();
    }

    internal override void RemoveRows(ReadOnlySpan<int> rows) => _values.Remove(ArrayRows.Remove(_offsets, rows));

    private protected override void WritePrefix(IBufferWriter<byte> output) => StringDictionary.WritePrefix(output);

    private protected override void WriteValues(IBufferWriter<byte> output)
    {
        _offsets.WriteTo(output);
        _values.WriteTo(output);
    }
}

/// <summary>A <c>Map(LowCardinality(String), String)</c> column: append the pairs of a row, then end the row.</summary>
public sealed class StringMapColumn(string name) : NativeColumn(name, "Map(LowCardinality(String), String)")
{
    private readonly ColumnBuffer<ulong> _offsets = new();
    private readonly StringDictionary _keys = new();
    private readonly ColumnBuffer<byte> _values = new();

    /// <inheritdoc />
    public override int Count => _offsets.Count;

    /// <summary>Adds a pair to the row that is being filled; ClickHouse keeps a key that is there twice twice.</summary>
    public void Append(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        _keys.Append(key);
        NativeWriter.AppendString(_values, value);
    }

    /// <summary>Ends the row; a row without pairs is an empty map.</summary>
    public void EndRow() => _offsets.Add((ulong)_keys.Count);

    /// <inheritdoc />
    public override void Clear()
    {
        _offsets.Clear();
        _keys.Clear();
        _values.Clear();
    }

    internal override void RemoveRows(ReadOnlySpan<int> rows)
    {
        int[] pairs = ArrayRows.Remove(_offsets, rows);
        _keys.Remove(pairs);
        StringRows.Remove(_values, pairs);
    }

    private protected override void WritePrefix(IBufferWriter<byte> output) => StringDictionary.WritePrefix(output);

    private protected override void WriteValues(IBufferWriter<byte> output)
    {
        _offsets.WriteTo(output);
        _keys.WriteTo(output);
        _values.WriteTo(output);
    }
}
