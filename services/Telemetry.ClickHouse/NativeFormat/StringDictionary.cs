using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Telemetry.Contracts.Hashing;

namespace Telemetry.ClickHouse.NativeFormat;

/// <summary>
/// The values of a <c>LowCardinality(String)</c> column: a dictionary of distinct byte strings and one index for each value.
/// Open addressing over the bytes themselves; a value seen before costs one hash and one compare and allocates nothing, and the value of the row before
/// costs the compare alone.
/// </summary>
internal sealed class StringDictionary
{
    /// <summary>Serialisation version that Native begins the column with (shared dictionaries with additional keys).</summary>
    private const ulong Version = 1;

    /// <summary>Flags of a chunk that brings all its keys along and refers to no earlier dictionary.</summary>
    private const ulong KeysInChunk = (1UL << 9) | (1UL << 10);

    private readonly ColumnBuffer<byte> _keys = new();
    private readonly ColumnBuffer<Key> _entries = new();
    private readonly RunBuffer<uint> _indexes = new();
    private int[] _slots = new int[64];
    private int _last;

    internal int Count => _indexes.Count;

    internal int DistinctCount => _entries.Count;

    /// <summary>Adds a value; gives its index in the dictionary.</summary>
    internal int Append(ReadOnlySpan<byte> value)
    {
        if (_last >= _entries.Count || !IsAt(_last, value))
        {
            _last = IndexOf(value);
        }

        _indexes.Add((uint)_last);
        return _last;
    }

    /// <summary>Adds a value that is in the dictionary already.</summary>
    internal void AppendKnown(int index) => _indexes.Add((uint)index);

    /// <summary>Takes values out; the dictionary keeps what nobody refers to any more.</summary>
    internal void Remove(ReadOnlySpan<int> values)
    {
        if (!values.IsEmpty)
        {
            _indexes.RemoveRows(values);
        }
    }

    /// <summary>Calls back for every distinct value with the number of rows that have it.</summary>
    internal void ForEachCount(Action<string, int> counted)
    {
        int[] counts = new int[DistinctCount];
        foreach (uint index in _indexes.Items)
        {
            counts[index]++;
        }

        for (int entry = 0; entry < counts.Length; entry++)
        {
            Key key = _entries.Items[entry];
            if (counts[entry] > 0)
            {
                counted(Encoding.UTF8.GetString(_keys.Items.Slice(key.Offset, key.Length)), counts[entry]);
            }
        }
    }

    internal void Clear()
    {
        _keys.Clear();
        _entries.Clear();
        _indexes.Clear();
        _last = 0;
        Array.Clear(_slots);
    }

    internal static void WritePrefix(IBufferWriter<byte> output) => NativeWriter.WriteUInt64(output, Version);

    internal void WriteTo(IBufferWriter<byte> output)
    {
        if (Count == 0)
        {
            return;
        }

        int width = DistinctCount <= 1 << 8 ? 0 : DistinctCount <= 1 << 16 ? 1 : 2;
        NativeWriter.WriteUInt64(output, KeysInChunk | (uint)width);
        NativeWriter.WriteUInt64(output, (ulong)DistinctCount);
        _keys.WriteTo(output);
        NativeWriter.WriteUInt64(output, (ulong)Count);
        WriteIndexes(output, width);
    }

    private void WriteIndexes(IBufferWriter<byte> output, int width)
    {
        switch (width)
        {
            case 0:
                WriteNarrowed<byte>(output);
                break;
            case 1:
                WriteNarrowed<ushort>(output);
                break;
            default:
                _indexes.WriteTo(output);
                break;
        }
    }

    private void WriteNarrowed<T>(IBufferWriter<byte> output)
        where T : unmanaged, INumberBase<T>
    {
        const int chunkLength = 4096;
        ReadOnlySpan<uint> rest = _indexes.Items;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<uint> part = rest[..Math.Min(chunkLength, rest.Length)];
            rest = rest[part.Length..];
            int bytes = part.Length * Marshal.SizeOf<T>();
            Span<T> target = MemoryMarshal.Cast<byte, T>(output.GetSpan(bytes)[..bytes]);
            for (int i = 0; i < part.Length; i++)
            {
                target[i] = T.CreateTruncating(part[i]);
            }

            output.Advance(bytes);
        }
    }

    private int IndexOf(ReadOnlySpan<byte> value)
    {
        int hash = (int)ByteHash.Of(value);
        int mask = _slots.Length - 1;
        for (int slot = hash & mask; ; slot = (slot + 1) & mask)
        {
            int entry = _slots[slot] - 1;
            if (entry < 0)
            {
                return Add(value, hash, slot);
            }

            if (_entries.Items[entry].Hash == hash && IsAt(entry, value))
            {
                return entry;
            }
        }
    }

    private bool IsAt(int entry, ReadOnlySpan<byte> value)
    {
        Key key = _entries.Items[entry];
        return key.Length == value.Length && _keys.Items.Slice(key.Offset, key.Length).SequenceEqual(value);
    }

    private int Add(ReadOnlySpan<byte> value, int hash, int slot)
    {
        NativeWriter.AppendString(_keys, value);
        _entries.Add(new Key(hash, _keys.Count - value.Length, value.Length));
        _slots[slot] = _entries.Count;
        if (_entries.Count > _slots.Length / 2)
        {
            Rehash();
        }

        return _entries.Count - 1;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        ReadOnlySpan<Key> entries = _entries.Items;
        for (int i = 0; i < entries.Length; i++)
        {
            int slot = entries[i].Hash & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = i + 1;
        }
    }

    private readonly record struct Key(int Hash, int Offset, int Length);
}
