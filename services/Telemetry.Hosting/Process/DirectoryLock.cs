namespace Telemetry.Hosting.Process;

/// <summary>
/// Keeps a second process out of a directory. An advisory lock of the operating system (flock), so it ends with its process,
/// however that ended: no stale lock after kill -9.
/// </summary>
public sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a directory that exists.</summary>
    /// <exception cref="IOException">Another process has it; the message names the process.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not write there.</exception>
    public static DirectoryLock Take(string directory)
    {
        string owner = Path.Combine(directory, "owner");
        try
        {
            var file = new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(owner, $"process {Environment.ProcessId}");
            return new DirectoryLock(file);
        }
        catch (IOException e)
        {
            string holder = File.Exists(owner) ? File.ReadAllText(owner) : "another process";
            throw new IOException($"the directory is in use by {holder}; one process at a time may use it ({e.Message})", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
