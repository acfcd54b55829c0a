using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Telemetry.SpanLog.Local;

/// <summary>Every operation of the local log that can meet a full or broken disk, in one place so that tests can put a bad disk under it.</summary>
internal partial class LocalDisk
{
    /// <summary>Writes the bytes at the offset and returns after fsync.</summary>
    public virtual void WriteDurably(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        RandomAccess.Write(file, bytes, offset);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Free bytes on the disk that holds the directory; <see cref="long.MaxValue"/> when the system does not say.</summary>
    public virtual long FreeBytes(string directory)
    {
        try
        {
            return new DriveInfo(directory).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>
    /// Replaces the file's content so that a crash at any moment leaves the old or the new content: temporary file, fsync, rename,
    /// fsync of the directory.
    /// </summary>
    public void ReplaceDurably(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + ".tmp";
        using (SafeFileHandle file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            WriteDurably(file, content, 0);
        }

        File.Move(temporary, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes the names in a directory durable. Without it a new or renamed file may be gone after a power cut.</summary>
    public static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(directory, 0);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open directory {directory}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        int result = Fsync(descriptor);
        string error = result < 0 ? Marshal.GetLastPInvokeErrorMessage() : "";
        _ = Close(descriptor);
        if (result < 0)
        {
            throw new IOException($"cannot fsync directory {directory}: {error}");
        }
    }

    /// <summary>Creates a directory and makes its name, and those of parents that were missing too, durable.</summary>
    public static void CreateDirectoryDurably(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(directory);
        if (!string.IsNullOrEmpty(parent))
        {
            CreateDirectoryDurably(parent);
        }

        Directory.CreateDirectory(directory);
        if (!string.IsNullOrEmpty(parent))
        {
            SyncDirectory(parent);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
