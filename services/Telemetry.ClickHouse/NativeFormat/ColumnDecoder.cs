namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>Decodes the data of one type: first the serialisation versions of it and its parts, then the values.</summary>
internal abstract class ColumnDecoder
{
    internal virtual void ReadPrefix(NativeReader reader)
    {
    }

    internal abstract ColumnValues Read(NativeReader reader, int rows);
}

/// <summary>A decoder that is one function; for types without parts.</summary>
internal sealed class PlainDecoder(Func<NativeReader, int, ColumnValues> read) : ColumnDecoder
{
    internal override ColumnValues Read(NativeReader reader, int rows) => read(reader, rows);
}

internal sealed class NullableDecoder(ColumnDecoder inner) : ColumnDecoder
{
    internal override void ReadPrefix(NativeReader reader) => inner.ReadPrefix(reader);

    internal override ColumnValues Read(NativeReader reader, int rows) =>
        new NullableValues(reader.ReadArray<byte>(rows), inner.Read(reader, rows));
}

internal sealed class ArrayDecoder(ColumnDecoder items) : ColumnDecoder
{
    internal override void ReadPrefix(NativeReader reader) => items.ReadPrefix(reader);

    internal override ColumnValues Read(NativeReader reader, int rows)
    {
        int[] ends = ReadEnds(reader, rows);
        return new ArrayValues(ends, items.Read(reader, ends.Length == 0 ? 0 : ends[^1]));
    }

    internal static int[] ReadEnds(NativeReader reader, int rows)
    {
        ulong[] offsets = reader.ReadArray<ulong>(rows);
        int[] ends = new int[rows];
        int last = 0;
        for (int i = 0; i < rows; i++)
        {
            int end = reader.ReadCount(offsets[i], 1);
            last = end >= last ? end : throw new InvalidDataException("The offsets of an array decrease.");
            ends[i] = last;
        }

        return ends;
    }
}

internal sealed class MapDecoder(ColumnDecoder keys, ColumnDecoder values) : ColumnDecoder
{
    internal override void ReadPrefix(NativeReader reader)
    {
        keys.ReadPrefix(reader);
        values.ReadPrefix(reader);
    }

    internal override ColumnValues Read(NativeReader reader, int rows)
    {
        int[] ends = ArrayDecoder.ReadEnds(reader, rows);
        int pairs = ends.Length == 0 ? 0 : ends[^1];
        ColumnValues keyValues = keys.Read(reader, pairs);
        for (int i = 0; i < pairs; i++)
        {
            if (keyValues.IsNull(i))
            {
                throw new InvalidDataException("A key of a map is NULL.");
            }
        }

        return new MapValues(ends, keyValues, values.Read(reader, pairs));
    }
}

internal sealed class TupleDecoder(ColumnDecoder[] elements) : ColumnDecoder
{
    internal override void ReadPrefix(NativeReader reader) => Array.ForEach(elements, e => e.ReadPrefix(reader));

    internal override ColumnValues Read(NativeReader reader, int rows) => new TupleValues(Array.ConvertAll(elements, e => e.Read(reader, rows)));
}

/// <summary>LowCardinality: chunks of a dictionary and indexes into it. Only keys that travel in the chunk exist in the HTTP interface.</summary>
internal sealed class LowCardinalityDecoder(ColumnDecoder keys, bool nullable) : ColumnDecoder
{
    private const ulong GlobalDictionary = 1 << 8;

    internal override void ReadPrefix(NativeReader reader)
    {
        ulong version = reader.ReadUInt64();
        if (version != 1)
        {
            throw new InvalidDataException($"LowCardinality of version {version} is not known; 1 is.");
        }
    }

    internal override ColumnValues Read(NativeReader reader, int rows)
    {
        if (rows == 0)
        {
            return new DictionaryValues([], keys.Read(reader, 0), nullable);
        }

        ulong flags = reader.ReadUInt64();
        if ((flags & GlobalDictionary) != 0)
        {
            throw new InvalidDataException("A LowCardinality column refers to a global dictionary, which Native over HTTP does not have.");
        }

        int keyCount = reader.ReadCount(reader.ReadUInt64(), 1);
        ColumnValues keyValues = keys.Read(reader, keyCount);
        if (reader.ReadUInt64() is var announced && announced != (ulong)rows)
        {
            throw new InvalidDataException($"A LowCardinality column has {announced} indexes for {rows} rows.");
        }

        int[] indexes = ReadIndexes(reader, rows, (int)(flags & 0xFF));
        return indexes.AsSpan().ContainsAnyExceptInRange(0, keyCount - 1)
            ? throw new InvalidDataException("An index of a LowCardinality column is beyond its dictionary.")
            : new DictionaryValues(indexes, keyValues, nullable);
    }

    private static int[] ReadIndexes(NativeReader reader, int rows, int width) => width switch
    {
        0 => Array.ConvertAll(reader.ReadArray<byte>(rows), i => (int)i),
        1 => Array.ConvertAll(reader.ReadArray<ushort>(rows), i => (int)i),
        2 => reader.ReadArray<int>(rows),
        3 => Array.ConvertAll(reader.ReadArray<ulong>(rows), i => (int)Math.Min(i, int.MaxValue)),
        _ => throw new InvalidDataException($"A LowCardinality column has indexes of unknown width {width}."),
    };
}
