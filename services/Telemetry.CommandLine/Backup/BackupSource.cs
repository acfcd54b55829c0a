using System.Formats.Tar;
using System.Runtime.CompilerServices;

namespace Telemetry.CommandLine.Backup;

/// <summary>A backup to read: a directory or a tar.</summary>
internal sealed class BackupSource
{
    private readonly string _path;

    private BackupSource(string path) => _path = path;

    /// <summary>Opens it.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static BackupSource Open(string path) => File.Exists(path) || Directory.Exists(path)
        ? new BackupSource(Path.GetFullPath(path))
        : throw new FileNotFoundException($"--from \"{path}\": there is no such directory or file");

    /// <summary>Whether a path means a tar.</summary>
    public static bool IsTar(string path) => path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads every file, checks it against the manifest and hands it on.</summary>
    /// <param name="open">Where a file is written to; null to check only. The stream is disposed.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The manifest; everything it lists is there and undamaged.</returns>
    /// <exception cref="InvalidDataException">The backup is incomplete or damaged; the message names what is wrong.</exception>
    public async Task<BackupManifest> ReadAsync(Func<string, Stream>? open, CancellationToken cancellation)
    {
        var found = new Dictionary<string, ManifestFile>(StringComparer.Ordinal);
        byte[]? manifest = null;
        try
        {
            await foreach ((string name, Stream content) in FilesAsync(cancellation))
            {
                if (name == BackupManifest.FileName)
                {
                    using var json = new MemoryStream();
                    await content.CopyToAsync(json, cancellation);
                    manifest = json.ToArray();
                    continue;
                }

                await using Stream? target = open?.Invoke(BackupLayout.Checked(name));
                found[name] = await HashedCopy.RunAsync(BackupLayout.Checked(name), content, target, cancellation);
            }
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"{_path} is incomplete or damaged: it ends within a file, after {found.Count} whole ones", e);
        }

        return Compare(manifest ?? throw new InvalidDataException($"{_path} is incomplete: it has no {BackupManifest.FileName}, which is written last"), found);
    }

    private BackupManifest Compare(byte[] json, Dictionary<string, ManifestFile> found)
    {
        BackupManifest manifest;
        try
        {
            manifest = BackupManifest.Parse(json);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{_path}: {e.Message}", e);
        }

        List<string> problems = [.. manifest.Files.Select(f => Problem(f, found)).OfType<string>(), .. found.Keys.Except(manifest.Files.Select(f => f.Path)).Select(n => $"{n} does not belong to it")];
        const int Named = 5;
        return problems.Count == 0
            ? manifest
            : throw new InvalidDataException($"{_path} is damaged: {string.Join("; ", problems.Take(Named))}{(problems.Count > Named ? $"; and {problems.Count - Named} more" : "")}");
    }

    private static string? Problem(ManifestFile expected, Dictionary<string, ManifestFile> found)
    {
        if (!found.TryGetValue(expected.Path, out ManifestFile? file))
        {
            return $"{expected.Path} is missing";
        }

        if (file.Bytes != expected.Bytes)
        {
            return $"{expected.Path} has {file.Bytes} bytes, the manifest says {expected.Bytes}";
        }

        return file.Sha256 == expected.Sha256 ? null : $"{expected.Path} has checksum {file.Sha256}, the manifest says {expected.Sha256}";
    }

    private async IAsyncEnumerable<(string Name, Stream Content)> FilesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Directory.Exists(_path))
        {
            foreach (string file in Directory.EnumerateFiles(_path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                await using FileStream content = File.OpenRead(file);
                yield return (Path.GetRelativePath(_path, file), content);
            }

            yield break;
        }

        await using FileStream stream = File.OpenRead(_path);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            yield return (entry.Name, entry.DataStream ?? Stream.Null);
        }
    }
}
