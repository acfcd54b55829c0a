using System.Buffers;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>
/// One column of a block that is sent to ClickHouse. Filled by one thread, written, cleared and filled again; memory is kept
/// over <see cref="Clear"/>. Appending never allocates once the column has seen its largest block.
/// </summary>
public abstract class NativeColumn
{
    private protected NativeColumn(string name, string typeName)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        TypeName = typeName;
    }

    /// <summary>The table's column that it fills.</summary>
    public string Name { get; }

    /// <summary>ClickHouse's name of the type that is sent; the server converts when the table's type differs.</summary>
    public string TypeName { get; }

    /// <summary>Finished rows.</summary>
    public abstract int Count { get; }

    /// <summary>
    /// Writes what Native has between the column's type and the next column: the serialisation versions that some types begin
    /// with, then the values of all rows. Not to be called for zero rows (Native has nothing there then).
    /// </summary>
    public void WriteData(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        WritePrefix(output);
        WriteValues(output);
    }

    /// <summary>Forgets all rows and keeps the memory.</summary>
    public abstract void Clear();

    /// <summary>Takes rows out; the others close up and keep their order.</summary>
    /// <param name="rows">Numbers of rows that are there, ascending, each once; at least one.</param>
    internal abstract void RemoveRows(ReadOnlySpan<int> rows);

    /// <summary>Serialisation version of the type, if it has one.</summary>
    private protected virtual void WritePrefix(IBufferWriter<byte> output)
    {
    }

    private protected abstract void WriteValues(IBufferWriter<byte> output);
}
