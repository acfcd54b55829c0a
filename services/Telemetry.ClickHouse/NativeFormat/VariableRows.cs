namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>Takes rows out of length-prefixed strings that lie one behind the other.</summary>
internal static class StringRows
{
    internal static void Remove(ColumnBuffer<byte> data, ReadOnlySpan<int> rows)
    {
        Span<byte> bytes = data.Mutable;
        int kept = 0;
        int position = 0;
        int next = 0;
        for (int row = 0; position < bytes.Length; row++)
        {
            int length = LengthAt(bytes[position..]);
            if (next < rows.Length && rows[next] == row)
            {
                next++;
            }
            else
            {
                bytes.Slice(position, length).CopyTo(bytes[kept..]);
                kept += length;
            }

            position += length;
        }

        data.TruncateTo(kept);
    }

    // Of the prefix and the string.
    private static int LengthAt(ReadOnlySpan<byte> bytes)
    {
        const int BitsInByte = 7;
        int length = 0;
        int used = 0;
        while (bytes[used] >= 0x80)
        {
            length |= (bytes[used] & 0x7F) << (BitsInByte * used);
            used++;
        }

        length |= bytes[used] << (BitsInByte * used);
        return used + 1 + length;
    }
}

/// <summary>Takes rows out of arrays, whose ends lie one behind the other.</summary>
internal static class ArrayRows
{
    /// <summary>Removes the rows' ends; gives the numbers of the elements that they had, ascending.</summary>
    internal static int[] Remove(ColumnBuffer<ulong> ends, ReadOnlySpan<int> rows)
    {
        Span<ulong> items = ends.Mutable;
        var elements = new List<int>();
        int kept = 0;
        int next = 0;
        ulong start = 0;
        for (int row = 0; row < items.Length; row++)
        {
            ulong end = items[row];
            if (next < rows.Length && rows[next] == row)
            {
                next++;
                elements.AddRange(Enumerable.Range((int)start, (int)(end - start)));
            }
            else
            {
                items[kept++] = end - (ulong)elements.Count;
            }

            start = end;
        }

        ends.TruncateTo(kept);
        return [.. elements];
    }
}
