using System.Buffers.Binary;

namespace Telemetry.SpanLog.Local;

/// <summary>How far one group has finished one partition: 8 bytes offset and 4 bytes checksum, replaced atomically.</summary>
internal sealed class CursorFile(LocalDisk disk, string path)
{
    private const int Bytes = 12;

    /// <summary>The file's path.</summary>
    public string Path => path;

    /// <summary>The committed offset, null when the group has committed nothing. Throws <see cref="SpanLogException"/> when damaged.</summary>
    public long? Read()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        return Parse(File.ReadAllBytes(path))
            ?? throw new SpanLogException($"{path} is damaged; deleting it makes its group read the partition again from the oldest record");
    }

    /// <summary>The offset in a file's bytes; null when they are damaged.</summary>
    public static long? Parse(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Bytes && BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) == Crc32C.Of(bytes[..8]) ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : null;

    /// <summary>Durably replaces the offset.</summary>
    public void Write(long offset)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, offset);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Crc32C.Of(bytes[..8]));
        disk.ReplaceDurably(path, bytes);
    }
}
