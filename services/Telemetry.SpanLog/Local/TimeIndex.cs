using System.Buffers.Binary;

namespace Telemetry.SpanLog.Local;

/// <summary>
/// Which address a partition had reached at which time, so that retention by age knows where to cut. One entry a step (1/64 of the
/// retention time), so at most some 65 entries of 16 bytes.
/// </summary>
/// <remarks>Losing the file only keeps records longer.</remarks>
internal sealed class TimeIndex
{
    private const int EntryBytes = 16;
    private readonly LocalDisk _disk;
    private readonly string _path;
    private readonly TimeSpan _step;
    private readonly List<(DateTimeOffset Time, long Address)> _entries = [];

    public TimeIndex(LocalDisk disk, string path, TimeSpan retention)
    {
        _disk = disk;
        _path = path;
        _step = retention / 64;
        if (File.Exists(path))
        {
            ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
            for (; bytes.Length >= EntryBytes; bytes = bytes[EntryBytes..])
            {
                long milliseconds = Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(bytes), 0, 253402300799999);
                _entries.Add((DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..])));
            }
        }
    }

    /// <summary>Notes that everything below the address was written before now.</summary>
    public void Note(DateTimeOffset now, long address)
    {
        if (_entries.Count > 0 && (now - _entries[^1].Time < _step || _entries[^1].Address == address))
        {
            return;
        }

        _entries.Add((now, address));
        Save();
    }

    /// <summary>Everything below the result was written before <paramref name="time"/>; null when nothing is known to be.</summary>
    public long? AddressBefore(DateTimeOffset time)
    {
        int count = _entries.FindIndex(e => e.Time > time);
        count = count < 0 ? _entries.Count : count;
        return count == 0 ? null : _entries[count - 1].Address;
    }

    /// <summary>Forgets what lies below the address.</summary>
    public void ForgetBelow(long address)
    {
        if (_entries.RemoveAll(e => e.Address < address) > 0)
        {
            Save();
        }
    }

    private void Save()
    {
        byte[] bytes = new byte[_entries.Count * EntryBytes];
        for (int i = 0; i < _entries.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * EntryBytes), _entries[i].Time.ToUnixTimeMilliseconds());
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * EntryBytes + 8), _entries[i].Address);
        }

        _disk.ReplaceDurably(_path, bytes);
    }
}
