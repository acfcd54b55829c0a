using System.Formats.Tar;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Telemetry.ClickHouse.Embedded.Engine;

namespace Telemetry.ClickHouse.Embedded.Backup;

/// <summary>
/// Answers <c>POST /backup?database=NAME</c>: a tar of <see cref="BackupHead"/>, the engine's files and those of the companions. One at a time, and it holds up
/// inserts only while hard links are made.
/// </summary>
internal sealed class BackupSender(EngineHost host, IReadOnlyList<IBackupCompanion> companions, ILogger logger, TimeProvider time) : IDisposable
{
    internal const string Path = "/backup";

    private const int BufferBytes = 128 << 10;
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <exception cref="EngineException">Another backup is under way, or this one cannot be made.</exception>
    internal async Task SendAsync(HttpContext context, string database)
    {
        if (!await _one.WaitAsync(TimeSpan.Zero, context.RequestAborted))
        {
            throw EngineException.Create(202, "TOO_MANY_SIMULTANEOUS_QUERIES", "A backup is under way; there can be one at a time");
        }

        var files = new List<BackupFile>();
        try
        {
            // Whatever reads from a companion may go on meanwhile: its position is from before the snapshot and its content from after, so the data
            // of the engine lie between the two, as they would after a crash.
            List<(string Folder, ICompanionSnapshot Snapshot)> begun = [.. companions.Select(c => (c.Folder, c.Begin()))];
            using EngineSnapshot snapshot = await EngineSnapshot.TakeAsync(host, database, time, context.RequestAborted);
            foreach ((string folder, ICompanionSnapshot companion) in begun)
            {
                files.AddRange(companion.Complete().Select(f => f with { Name = $"{folder}/{f.Name}" }));
            }

            logger.LogInformation("Backup of database {Database}: {Files} files, inserts waited {Milliseconds:0} ms", database, snapshot.Files.Count + files.Count, snapshot.Head.PausedMilliseconds);
            await SendAsync(context, snapshot, files);
        }
        finally
        {
            files.ForEach(f => f.Dispose());
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static async Task SendAsync(HttpContext context, EngineSnapshot snapshot, List<BackupFile> files)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            // The reader writes to a disk, which may stand still for a while.
            rate.MinDataRate = null;
        }

        context.Response.ContentType = "application/x-tar";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var tar = new TarWriter(context.Response.Body, TarEntryFormat.Gnu, leaveOpen: true);
        BackupHead head = snapshot.Head with { Files = snapshot.Files.Count + files.Count };
        await WriteAsync(tar, BackupHead.FileName, new MemoryStream(head.ToJson()), context.RequestAborted);
        foreach ((string name, string path) in snapshot.Files)
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes, useAsync: true);
            await WriteAsync(tar, $"{BackupHead.EngineFolder}/{name}", file, context.RequestAborted);
        }

        foreach (BackupFile file in files)
        {
            await WriteAsync(tar, file.Name, file.Content, context.RequestAborted);
        }

        // Not in a finally: it writes the end of the archive, which a broken one must not have.
        await tar.DisposeAsync();
    }

    private static Task WriteAsync(TarWriter tar, string name, Stream content, CancellationToken cancellationToken) =>
        tar.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = content }, cancellationToken);
}
