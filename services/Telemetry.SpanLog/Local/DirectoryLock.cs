namespace Telemetry.SpanLog.Local;

/// <summary>
/// Keeps a second process out of the directory. An advisory lock of the operating system (flock), so it ends with its process,
/// however that ended: no stale lock after kill -9.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock or throws <see cref="SpanLogException"/> that names the directory and the process that has it.</summary>
    public static DirectoryLock Take(string directory)
    {
        string owner = Path.Combine(directory, "owner");
        try
        {
            var file = new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(owner, $"process {Environment.ProcessId}");
            return new DirectoryLock(file);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SpanLogException($"Telemetry:SpanLog:Path = \"{directory}\": {e.Message}", e);
        }
        catch (IOException e)
        {
            string holder = File.Exists(owner) ? File.ReadAllText(owner) : "another process";
            throw new SpanLogException(
                $"Telemetry:SpanLog:Path = \"{directory}\": the directory is in use by {holder}; one process at a time may use it ({e.Message})", e);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
