using System.Formats.Tar;

namespace Telemetry.CommandLine.Backup;

/// <summary>Where a backup is written to: a directory, or a file whose name ends in <c>.tar</c>. Disposed before <see cref="CompleteAsync"/>, it is removed.</summary>
internal abstract class BackupTarget : IAsyncDisposable
{
    /// <summary>Creates it.</summary>
    /// <exception cref="IOException">There is something already.</exception>
    public static BackupTarget Create(string path)
    {
        string full = Path.GetFullPath(path);
        if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
        {
            throw new IOException($"--to \"{path}\" is there already; allowed: an empty or new directory, or a new file whose name ends in .tar");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return BackupSource.IsTar(full) && !Directory.Exists(full) ? new TarTarget(full) : new DirectoryTarget(full);
    }

    /// <summary>Writes one file.</summary>
    public abstract Task<ManifestFile> WriteAsync(string name, Stream content, CancellationToken cancellation);

    /// <summary>Ends it: everything is on the disk when it returns.</summary>
    public abstract Task CompleteAsync();

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();

    private sealed class DirectoryTarget(string path) : BackupTarget
    {
        private bool _complete;

        public override async Task<ManifestFile> WriteAsync(string name, Stream content, CancellationToken cancellation)
        {
            string file = Path.Combine(path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            return await HashedCopy.RunAsync(name, content, target, cancellation);
        }

        public override Task CompleteAsync()
        {
            FileSystemSync.Sync(path);
            _complete = true;
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            if (!_complete && Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class TarTarget : BackupTarget
    {
        private readonly string _path;
        private readonly FileStream _file;
        private readonly TarWriter _tar;
        private bool _complete;

        public TarTarget(string path)
        {
            _path = path;
            _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
            _tar = new TarWriter(_file, TarEntryFormat.Gnu, leaveOpen: true);
        }

        public override async Task<ManifestFile> WriteAsync(string name, Stream content, CancellationToken cancellation)
        {
            using var hashed = new HashingStream(content);
            await _tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = hashed }, cancellation);
            return hashed.Result(name);
        }

        public override async Task CompleteAsync()
        {
            await _tar.DisposeAsync();
            _file.Flush(flushToDisk: true);
            FileSystemSync.Sync(Path.GetDirectoryName(_path)!);
            _complete = true;
        }

        public override async ValueTask DisposeAsync()
        {
            await _file.DisposeAsync();
            if (!_complete)
            {
                File.Delete(_path);
            }
        }
    }
}
