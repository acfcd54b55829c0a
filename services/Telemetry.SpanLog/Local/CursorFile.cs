using System.Buffers.Binary;

namespace Telemetry.SpanLog.Local;

/// <summary>A durable offset: written to a temporary file, synced, then renamed over the old one, so that a crash leaves either the old or the new value.</summary>
internal sealed class CursorFile(string path)
{
    private const int Length = 16;
    private const ulong Check = 0x5445_4c45_4355_5253;

    /// <summary>The stored offset, or null when nothing valid is stored.</summary>
    public long? Read()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length != Length)
        {
            return null;
        }

        long offset = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)) == ((ulong)offset ^ Check) ? offset : null;
    }

    /// <summary>Stores an offset durably.</summary>
    public void Write(long offset)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, offset);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (ulong)offset ^ Check);
        string temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.WriteThrough))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        // A rename that a power cut undoes leaves the older cursor: records are read again, never skipped.
        File.Move(temporary, path, overwrite: true);
    }
}
