using System.Buffers;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>
/// Columns of equal length as one block of ClickHouse's Native format (https://clickhouse.com/docs/interfaces/formats/Native): number of
/// columns, number of rows, then for each column name, type and data. One block is one insert, and so the unit of deduplication.
/// </summary>
/// <param name="columns">All columns, in the order in which they are sent; at least one, names unique.</param>
public sealed class NativeBlock(IReadOnlyList<NativeColumn> columns)
{
    // An array rather than the list that is shown: going through a list by its interface allocates each time.
    private readonly NativeColumn[] _columns = [.. Check(columns)];

    /// <summary>The columns.</summary>
    public IReadOnlyList<NativeColumn> Columns => _columns;

    /// <summary>Rows in the block.</summary>
    /// <exception cref="InvalidOperationException">The columns differ in length; the message names the first that differs.</exception>
    public int RowCount
    {
        get
        {
            NativeColumn first = _columns[0];
            foreach (NativeColumn column in _columns)
            {
                if (column.Count != first.Count)
                {
                    throw new InvalidOperationException(
                        $"Column '{column.Name}' has {column.Count} rows, but column '{first.Name}' has {first.Count}; all columns of a block must have the same number.");
                }
            }

            return first.Count;
        }
    }

    /// <summary>Writes the whole block.</summary>
    /// <exception cref="InvalidOperationException">The columns differ in length.</exception>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        int rows = RowCount;
        WriteHeader(output, rows);
        foreach (NativeColumn column in _columns)
        {
            WriteColumn(output, column, rows);
        }
    }

    /// <summary>Takes rows out; the others close up and keep their order.</summary>
    /// <param name="rows">Numbers of rows, counted from 0, ascending, each once; may be empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row is not there, or they do not ascend; the block is as it was.</exception>
    /// <exception cref="InvalidOperationException">The columns differ in length.</exception>
    public void RemoveRows(ReadOnlySpan<int> rows)
    {
        int count = RowCount;
        int before = -1;
        foreach (int row in rows)
        {
            if (row <= before || row >= count)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"Row {row} comes after row {before} in a block of {count} rows; rows must ascend and be there.");
            }

            before = row;
        }

        if (rows.IsEmpty)
        {
            return;
        }

        foreach (NativeColumn column in _columns)
        {
            column.RemoveRows(rows);
        }
    }

    /// <summary>Forgets all rows and keeps the memory.</summary>
    public void Clear()
    {
        foreach (NativeColumn column in _columns)
        {
            column.Clear();
        }
    }

    internal void WriteHeader(IBufferWriter<byte> output, int rows)
    {
        NativeWriter.WriteVarUInt(output, (ulong)_columns.Length);
        NativeWriter.WriteVarUInt(output, (ulong)rows);
    }

    internal static void WriteColumn(IBufferWriter<byte> output, NativeColumn column, int rows)
    {
        NativeWriter.WriteString(output, column.Name);
        NativeWriter.WriteString(output, column.TypeName);
        if (rows > 0)
        {
            column.WriteData(output);
        }
    }

    private static IReadOnlyList<NativeColumn> Check(IReadOnlyList<NativeColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfZero(columns.Count, nameof(columns));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (NativeColumn column in columns)
        {
            if (!names.Add(column.Name))
            {
                throw new ArgumentException($"Column '{column.Name}' is there twice.", nameof(columns));
            }
        }

        return columns;
    }
}
