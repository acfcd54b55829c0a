using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.ClickHouse.Client;

/// <summary>One column of a result.</summary>
/// <param name="Name">Name, as the query gave it.</param>
/// <param name="TypeName">ClickHouse's type.</param>
public sealed record ClickHouseColumn(string Name, string TypeName);

/// <summary>The decoded result of a query: columns, and rows in the server's order.</summary>
public sealed class ClickHouseResult
{
    private readonly Dictionary<string, int> _ordinals = new(StringComparer.Ordinal);

    private ClickHouseResult(IReadOnlyList<ClickHouseColumn> columns, List<(ColumnValues[] Values, int Rows)> blocks)
    {
        Columns = columns;
        for (int i = columns.Count - 1; i >= 0; i--)
        {
            _ordinals[columns[i].Name] = i;
        }

        var rows = new List<ClickHouseRow>(blocks.Sum(b => b.Rows));
        foreach ((ColumnValues[] values, int count) in blocks)
        {
            rows.AddRange(Enumerable.Range(0, count).Select(row => new ClickHouseRow(this, values, row)));
        }

        Rows = rows;
    }

    /// <summary>The columns; none if the statement gives no result.</summary>
    public IReadOnlyList<ClickHouseColumn> Columns { get; }

    /// <summary>All rows.</summary>
    public IReadOnlyList<ClickHouseRow> Rows { get; }

    /// <summary>Position of a column.</summary>
    /// <exception cref="ArgumentException">The result has no such column; the message names those it has.</exception>
    public int Ordinal(string column) => _ordinals.TryGetValue(column, out int ordinal)
        ? ordinal
        : throw new ArgumentException($"The result has no column '{column}'; it has {string.Join(", ", Columns.Select(c => c.Name))}.", nameof(column));

    /// <summary>Decodes blocks of Native.</summary>
    /// <exception cref="InvalidDataException">The bytes are not Native, break off, or have a type that cannot be read.</exception>
    internal static ClickHouseResult Decode(ReadOnlyMemory<byte> body)
    {
        var reader = new NativeReader(body);
        var blocks = new List<(ColumnValues[], int)>();
        IReadOnlyList<ClickHouseColumn> columns = [];
        while (!reader.AtEnd)
        {
            int columnCount = reader.ReadCount(reader.ReadVarUInt(), 1);
            ulong announcedRows = reader.ReadVarUInt();
            int rows = columnCount == 0 ? 0 : reader.ReadCount(announcedRows, 1);
            var names = new ClickHouseColumn[columnCount];
            var values = new ColumnValues[columnCount];
            for (int i = 0; i < columnCount; i++)
            {
                names[i] = new ClickHouseColumn(reader.ReadString(), reader.ReadString());
                values[i] = ReadColumn(reader, names[i], rows);
            }

            columns = columns.Count == 0 ? names : columns;
            blocks.Add((values, rows));
        }

        return new ClickHouseResult(columns, blocks);
    }

    private static ColumnValues ReadColumn(NativeReader reader, ClickHouseColumn column, int rows)
    {
        if (rows == 0)
        {
            return new NothingValues();
        }

        ColumnDecoder decoder = ColumnDecoders.For(column.TypeName);
        decoder.ReadPrefix(reader);
        return decoder.Read(reader, rows);
    }
}
