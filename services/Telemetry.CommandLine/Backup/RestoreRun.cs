using Telemetry.ClickHouse.Embedded.Backup;
using Telemetry.ClickHouse.Migrations;
using Telemetry.Hosting.Process;
using Telemetry.SpanLog.Local;

namespace Telemetry.CommandLine.Backup;

/// <summary>
/// Puts a backup into a data directory. Everything is written into <see cref="RestoredData.Folder"/> first and moved up when all of it was right; as long as that
/// folder is there no process opens the directory.
/// </summary>
internal sealed class RestoreRun(BackupSource source, string data, bool keepSpanLog)
{
    // What a lock leaves behind in a directory that was not used otherwise.
    private static readonly HashSet<string> s_lockFiles = ["lock", "owner"];

    private readonly string _engine = Path.Combine(Path.GetFullPath(data), BackupHead.EngineFolder);
    private readonly string _log = Path.Combine(Path.GetFullPath(data), BackupLayout.SpanLogFolder);

    private string Work => Path.Combine(_engine, RestoredData.Folder);

    // A log that is kept stays where it is; of the backup's own only the positions are needed then.
    private string LogWork => Path.Combine(keepSpanLog ? Work : _log, keepSpanLog ? BackupLayout.SpanLogFolder : RestoredData.Folder);

    /// <summary>Restores.</summary>
    /// <exception cref="IOException">The directory is in use or not empty, or cannot be written.</exception>
    /// <exception cref="InvalidDataException">The backup is incomplete, damaged or too new; nothing of it stays.</exception>
    public async Task<RestoreSummary> RunAsync(CancellationToken cancellation)
    {
        RefuseUsed(_engine);
        if (keepSpanLog)
        {
            RefuseMissingLog();
        }
        else
        {
            RefuseUsed(_log);
        }

        Directory.CreateDirectory(_engine);
        Directory.CreateDirectory(_log);
        using DirectoryLock engineLock = Take(_engine);
        using DirectoryLock logLock = Take(_log);
        Directory.CreateDirectory(Work);
        try
        {
            BackupManifest manifest = await source.ReadAsync(Open, cancellation);
            Check(manifest);
            FileSystemSync.Sync(_engine);
            IReadOnlyList<CursorChange> cursors = PlaceLog(manifest);
            MoveUp(Path.Combine(Work, BackupHead.EngineFolder), _engine);
            Directory.Delete(Work, recursive: true);
            FileSystemSync.Sync(_engine);
            return new RestoreSummary(manifest, Path.GetFullPath(data), cursors);
        }
        catch
        {
            // What stands beside the folder was moved there from it.
            Clear(_engine);
            if (!keepSpanLog)
            {
                Clear(_log);
            }

            throw;
        }
    }

    /// <summary>Refuses what this program cannot run on.</summary>
    /// <exception cref="InvalidDataException">The schema is newer than the program.</exception>
    public static void Check(BackupManifest manifest)
    {
        int known = Migrations.LoadEmbedded()[^1].Version;
        if (manifest.SchemaVersion > known)
        {
            throw new InvalidDataException($"schema_version = {manifest.SchemaVersion} of the backup is newer than this program, which knows up to {known}; restore with the version that made it or a newer one");
        }
    }

    private static void RefuseUsed(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        // Only a directory that has a lock is one of ours; in others nothing is touched, not even to look.
        if (File.Exists(Path.Combine(directory, "lock")))
        {
            Take(directory).Dispose();
        }

        if (Directory.EnumerateFileSystemEntries(directory).FirstOrDefault(e => !s_lockFiles.Contains(Path.GetFileName(e))) is { } entry)
        {
            throw new IOException($"{directory} is not empty (it has {Path.GetFileName(entry)}); a backup is restored into a new or empty directory");
        }
    }

    private void RefuseMissingLog()
    {
        if (!Directory.Exists(Path.Combine(_log, "topics")))
        {
            throw new IOException($"--keep-span-log: there is no span log in {_log}; without the option the one in the backup is restored");
        }
    }

    private static DirectoryLock Take(string directory)
    {
        try
        {
            return DirectoryLock.Take(directory);
        }
        catch (IOException e)
        {
            throw new IOException($"{directory}: {e.Message}; stop it first", e);
        }
    }

    private FileStream Open(string name)
    {
        string log = BackupLayout.SpanLogFolder + "/";
        string path = name.StartsWith(log, StringComparison.Ordinal) ? Path.Combine(LogWork, name[log.Length..]) : Path.Combine(Work, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write);
    }

    private IReadOnlyList<CursorChange> PlaceLog(BackupManifest manifest)
    {
        if (keepSpanLog)
        {
            return manifest.HasSpanLog
                ? LocalLogReset.SetBack(_log, LogWork)
                : throw new InvalidDataException("--keep-span-log: the backup does not tell how far the span log had been read; see docs/operations.md for logs in Kafka");
        }

        if (manifest.HasSpanLog)
        {
            FileSystemSync.Sync(_log);
            MoveUp(LogWork, _log);
            Directory.Delete(LogWork);
            FileSystemSync.Sync(_log);
        }

        return [];
    }

    private static void MoveUp(string from, string to)
    {
        foreach (string entry in Directory.EnumerateDirectories(from))
        {
            Directory.Move(entry, Path.Combine(to, Path.GetFileName(entry)));
        }
    }

    private static void Clear(string directory)
    {
        foreach (string entry in Directory.EnumerateDirectories(directory))
        {
            Directory.Delete(entry, recursive: true);
        }
    }
}

/// <summary>What was restored.</summary>
internal sealed record RestoreSummary(BackupManifest Manifest, string Data, IReadOnlyList<CursorChange> Cursors);
