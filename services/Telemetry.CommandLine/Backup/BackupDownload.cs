using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Telemetry.ClickHouse.Client;
using Telemetry.ClickHouse.Embedded.Backup;

namespace Telemetry.CommandLine.Backup;

/// <summary>Takes the stream of a backup, writes its files to the target and the manifest behind them.</summary>
internal sealed class BackupDownload(BackupTarget target)
{
    private const string RowsFile = "count.txt";
    private const int PartDepth = 6;

    private readonly List<ManifestFile> _files = [];
    private readonly Dictionary<string, (long Rows, long Bytes, int Parts)> _tables = new(StringComparer.Ordinal);
    private BackupHead? _head;

    /// <summary>Makes the backup.</summary>
    /// <exception cref="ClickHouseException">The engine refused, cannot be reached, or broke off.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public async Task<BackupManifest> RunAsync(ClickHouseClient client, CancellationToken cancellation)
    {
        await client.BackupAsync(TakeAsync, cancellation);
        BackupHead head = _head!;
        if (_files.Count != head.Files)
        {
            throw new ClickHouseException(0, $"The backup was broken off: {_files.Count} of {head.Files} files came.", retryable: true);
        }

        var manifest = new BackupManifest(
            BackupManifest.CurrentFormat, head.TakenAt, head.Database, head.EngineVersion, head.SchemaVersion, Math.Round(head.PausedMilliseconds, 1),
            _files.Exists(f => f.Path.StartsWith(BackupLayout.SpanLogFolder + "/", StringComparison.Ordinal)), head.LeftOut, [.. head.Tables.Where(t => t.HasParts).Select(Table)], _files);
        using var json = new MemoryStream(manifest.ToJson());
        await target.WriteAsync(BackupManifest.FileName, json, cancellation);
        await target.CompleteAsync();
        return manifest;
    }

    private async Task TakeAsync(Stream stream, CancellationToken cancellation)
    {
        await using var tar = new TarReader(stream, leaveOpen: true);
        try
        {
            while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                Stream content = entry.DataStream ?? Stream.Null;
                if (_head is null)
                {
                    using var json = new MemoryStream();
                    await content.CopyToAsync(json, cancellation);
                    _head = BackupHead.Parse(json.ToArray());
                    continue;
                }

                await TakeAsync(BackupLayout.Checked(entry.Name), content, cancellation);
            }
        }
        catch (EndOfStreamException e)
        {
            throw new ClickHouseException(0, $"The backup was broken off after {_files.Count} files: {e.Message}", retryable: true, e);
        }

        _ = _head ?? throw new ClickHouseException(0, "The answer holds no backup.");
    }

    private async Task TakeAsync(string name, Stream content, CancellationToken cancellation)
    {
        string[] parts = name.Split('/');
        bool isPart = parts.Length >= PartDepth && parts[0] == BackupHead.EngineFolder && parts[1] == "store" && parts[4] != "deduplication_logs";
        if (!isPart || parts[^1] != RowsFile || parts.Length != PartDepth)
        {
            ManifestFile file = await target.WriteAsync(name, content, cancellation);
            Count(isPart, parts, 0, file);
            return;
        }

        using var text = new MemoryStream();
        await content.CopyToAsync(text, cancellation);
        text.Position = 0;
        long rows = long.Parse(Encoding.ASCII.GetString(text.ToArray()).Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
        Count(isPart, parts, rows, await target.WriteAsync(name, text, cancellation));
    }

    private void Count(bool isPart, string[] parts, long rows, ManifestFile file)
    {
        _files.Add(file);
        if (isPart)
        {
            (long Rows, long Bytes, int Parts) table = _tables.GetValueOrDefault(parts[3]);
            _tables[parts[3]] = (table.Rows + rows, table.Bytes + file.Bytes, table.Parts + (parts.Length == PartDepth && parts[^1] == RowsFile ? 1 : 0));
        }
    }

    private ManifestTable Table(BackupTable table)
    {
        (long rows, long bytes, int parts) = _tables.GetValueOrDefault(table.Uuid);
        return new ManifestTable(table.Name, rows, bytes, parts);
    }
}
