using System.Runtime.InteropServices;

namespace Telemetry.CommandLine.Backup;

/// <summary>Writes a whole file system through to its disk: one call, where thousands of small files would each take their own.</summary>
internal static partial class FileSystemSync
{
    /// <exception cref="IOException">The system could not.</exception>
    public static void Sync(string directory)
    {
        int descriptor = Open(directory, 0);
        int result = descriptor < 0 ? -1 : SyncFileSystem(descriptor);
        string error = result < 0 ? Marshal.GetLastPInvokeErrorMessage() : "";
        if (descriptor >= 0)
        {
            _ = Close(descriptor);
        }

        if (result < 0)
        {
            throw new IOException($"cannot write {directory} through to the disk: {error}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
