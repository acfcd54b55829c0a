using System.Text.Json;

namespace Telemetry.CommandLine.Backup;

/// <summary>What a backup holds, written last: a backup without it is incomplete.</summary>
/// <param name="Format">Number of the format.</param>
/// <param name="TakenAt">The moment of which the data are.</param>
/// <param name="Database">The database.</param>
/// <param name="EngineVersion">Version of the engine that wrote the files.</param>
/// <param name="SchemaVersion">Number of the last migration.</param>
/// <param name="PausedMilliseconds">How long inserts waited for the backup.</param>
/// <param name="HasSpanLog">Whether the span log is in it.</param>
/// <param name="LeftOut">Tables whose rows are not in it.</param>
/// <param name="Tables">Tables that have rows.</param>
/// <param name="Files">Every file.</param>
internal sealed record BackupManifest(
    int Format, DateTimeOffset TakenAt, string Database, string EngineVersion, int SchemaVersion, double PausedMilliseconds, bool HasSpanLog,
    IReadOnlyList<string> LeftOut, IReadOnlyList<ManifestTable> Tables, IReadOnlyList<ManifestFile> Files)
{
    /// <summary>The format that is written and read here.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Name of the file.</summary>
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another format.</exception>
    public static BackupManifest Parse(ReadOnlySpan<byte> json)
    {
        BackupManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<BackupManifest>(json, s_json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{FileName} is damaged: {e.Message}", e);
        }

        if (manifest is not { Files: not null, Tables: not null })
        {
            throw new InvalidDataException($"{FileName} is damaged: it lists no files");
        }

        return manifest.Format == CurrentFormat
            ? manifest
            : throw new InvalidDataException($"{FileName}: format = {manifest.Format}; this program reads format {CurrentFormat}");
    }

    /// <summary>Writes it.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, s_json);
}

/// <summary>A table in a backup.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Bytes">Its bytes on disk.</param>
/// <param name="Parts">Its parts.</param>
internal sealed record ManifestTable(string Name, long Rows, long Bytes, int Parts);

/// <summary>A file in a backup.</summary>
/// <param name="Path">Its path within the backup.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its checksum, in lower-case hex.</param>
internal sealed record ManifestFile(string Path, long Bytes, string Sha256);
